package drift

import (
	"strings"
	"testing"
)

// Where EC2 says what an image was copied from, its name does not decide.
func TestImagesAreToldByWhatTheyWereCopiedFrom(t *testing.T) {
	const a, b, other = "ami-0aaaaaaaaaaaaaaaa", "ami-0bbbbbbbbbbbbbbbb", "ami-0cccccccccccccccc"
	build := func(p testPlace, id, name, source, region string) *Snapshot {
		s := lonely(p, "AWS::EC2::LaunchTemplate", props{"LaunchTemplateData": props{"ImageId": id}})
		value := props{"Kind": kindImage, "Name": name, "Content": props{"Name": name, "Owner": p.account, "Architecture": "arm64"}, "CreationDate": "2026-01-01T00:00:00Z"}
		if source != "" {
			value["SourceImageId"], value["SourceImageRegion"] = source, region
		}
		s.Facts = []Fact{{Kind: FactContent, Subject: id, Value: value}}
		return s
	}
	standby := oneAccount()
	for name, c := range map[string]struct {
		primary, standby *Snapshot
		says             string // "" for silence
	}{
		"of one name and unknown descent":        {build(east, a, "web-7", "", ""), build(standby, b, "web-7", "", ""), ""},
		"a copy of the primary's":                {build(east, a, "web-7", "", ""), build(standby, b, "web-7", a, "us-east-1"), ""},
		"a copy under another name":              {build(east, a, "web-7", "", ""), build(standby, b, "web-7-west", a, "us-east-1"), ""},
		"the primary's is a copy of it":          {build(east, a, "web-7", b, "us-west-2"), build(standby, b, "web-7", "", ""), ""},
		"both are copies of a third":             {build(east, a, "web-7", other, "eu-west-1"), build(standby, b, "web-8", other, "eu-west-1"), ""},
		"of one name, copied from another image": {build(east, a, "web-7", "", ""), build(standby, b, "web-7", other, "us-east-1"), "is no copy of the primary's"},
		"a copy of what it was copied from":      {build(east, a, "web-7", other, "us-east-1"), build(standby, b, "web-7", other, "us-east-1"), ""},
		"a copy of what it was built upon":       {build(east, a, "web-7", other, "us-east-1"), build(standby, b, "base-3", other, "us-east-1"), "image"},
		"of another name and unknown descent":    {build(east, a, "web-7", "", ""), build(standby, b, "web-8", "", ""), "image"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]*Snapshot{{c.primary, c.standby}, {c.standby, c.primary}} {
				found := Compare(pair[0], pair[1], options).Findings
				if len(found) > 0 && strings.Contains(c.says, "no copy") && found[0].Severity != Block {
					t.Errorf("one that bears the other's name is a %s", found[0].Severity)
				}
				if (len(found) > 0) != (c.says != "") || len(found) > 0 && !strings.Contains(found[0].Message, c.says) {
					t.Errorf("want %q, have:%s", c.says, show(found))
				}
			}
		})
	}
}
