package drift

import (
	"strings"
	"testing"
)

// An alias serves the configuration that its version was published with, which
// need not be the one the function has now.
func TestAnAliasServesAConfigurationOfItsOwn(t *testing.T) {
	build := func(p testPlace, function, served props, release string) *Snapshot {
		queue := queue(p, "app/Queue", p.generated("Queue"), 0, nil)
		own := func(in props) props {
			out := props{}
			for name, v := range in {
				out[name] = v
			}
			out["Environment"] = props{"Variables": props{"QUEUE": queue.ID, "MODE": in["mode"]}}
			delete(out, "mode")
			return out
		}
		fn := own(function)
		fn["CodeSha256"] = "c0de"
		s := region(p, queue,
			Resource{Key: "app/Fn", Type: "AWS::Lambda::Function", ID: p.generated("Fn"), Properties: fn, Declared: props{"Environment": props{"Variables": props{"MODE": "new"}}}},
			Resource{Key: "app/Live", Type: typeAlias, ID: p.arn("lambda", "function:"+p.generated("Fn")+":live"), Declared: props{"Name": "live"},
				Properties: props{"FunctionName": p.generated("Fn"), "Name": "live", "FunctionVersion": map[string]string{east.region: "7"}[p.region] + "2", "Configuration": own(served)}})
		s.Facts = []Fact{{Kind: FactLambdaAlias, Subject: "app/Live", Value: map[string]any{"FunctionVersion": "2", "CodeSha256": "c0de"}}}
		s.Release = &Release{ID: release, Outcome: "done"}
		return s
	}
	now := func(mode string, memory, timeout float64) props {
		return props{"mode": mode, "MemorySize": memory, "Timeout": timeout}
	}
	standby := oneAccount()
	for name, c := range map[string]struct {
		function, served, functionThere, servedThere props
		want                                         string // resource, property, severity, cause, Region
	}{
		"the same in both, with each Region's own queue": {now("new", 256, 3), now("new", 256, 3), now("new", 256, 3), now("new", 256, 3), ""},
		"an older edition in both":                       {now("new", 256, 3), now("old", 128, 3), now("new", 256, 3), now("old", 128, 3), ""},
		"an older environment in the standby": {now("new", 256, 3), now("new", 256, 3), now("new", 256, 3), now("old", 256, 3),
			"app/Live Configuration.Environment.Variables.MODE block out-of-band us-west-2"},
		"an older environment in the primary": {now("new", 256, 3), now("old", 256, 3), now("new", 256, 3), now("new", 256, 3),
			"app/Live Configuration.Environment.Variables.MODE block out-of-band us-east-1"},
		"less memory in the standby": {now("new", 256, 3), now("new", 256, 3), now("new", 256, 3), now("new", 128, 3),
			"app/Live Configuration.MemorySize warn out-of-band us-west-2"},
		"more memory in the standby": {now("new", 256, 3), now("new", 256, 3), now("new", 256, 3), now("new", 512, 3), ""},
		"what the function itself has otherwise is said of the function": {now("new", 256, 3), now("new", 256, 3), now("new", 128, 3), now("new", 128, 3),
			"app/Fn MemorySize warn"},
	} {
		t.Run(name, func(t *testing.T) {
			found := Compare(build(east, c.function, c.served, "r-1"), build(standby, c.functionThere, c.servedThere, "r-1"), options).Findings
			var have []string
			for _, f := range found {
				have = append(have, strings.TrimSpace(strings.Join([]string{f.Resource, f.Property, string(f.Severity), string(f.Cause), f.ChangedIn}, " ")))
			}
			if got := strings.Join(have, "; "); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" || len(have) > 1 {
				t.Errorf("have %q, want %q", got, c.want)
			}
		})
	}
}
