package regionname

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCodes(t *testing.T) {
	for region, want := range map[string][]string{
		"us-east-1":      {"us-east-1", "us.east.1", "us_east_1", "useast1", "use1"},
		"ap-northeast-2": {"ap-northeast-2", "ap.northeast.2", "ap_northeast_2", "apnortheast2", "apne2"},
		"us-gov-west-1":  {"us-gov-west-1", "us.gov.west.1", "us_gov_west_1", "usgovwest1", "usgw1"},
		"nowhere":        nil,
	} {
		if have := Codes(region); !slices.Equal(have, want) {
			t.Errorf("Codes(%q) = %v, want %v", region, have, want)
		}
	}
}

func TestStrip(t *testing.T) {
	cases := []struct{ about, name, want string }{
		{"a code at the end", "orders-us-east-1", "orders"},
		{"a code at the beginning", "us-east-1-orders", "orders"},
		{"a code in the middle leaves one separator", "orders-us-east-1-dlq", "orders-dlq"},
		{"a short form", "orders_use1", "orders"},
		{"a form with underscores", "us_east_1_orders", "orders"},
		{"upper case", "Orders-USE1", "Orders"},
		{"twice", "use1-orders-use1", "orders"},
		{"nothing but the code", "us-east-1", ""},
		{"the other Region stays another name", "orders-us-west-2", "orders-{peer}"},
		{"a Region of nobody stays", "orders-eu-west-1", "orders-eu-west-1"},
		{"a word that only begins alike stays", "use1ess-orders", "use1ess-orders"},
		{"a zone is no Region", "us-east-1a", "us-east-1a"},
		{"a number after it is another word", "use12", "use12"},
		{"a path keeps its slashes", "/app/us-east-1/db", "/app//db"},
		{"no Region at all", "orders", "orders"},
		{"nothing", "", ""},
	}
	words := Of("us-east-1", []string{"us-west-2"})
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			if have := words.Strip(c.name); have != c.want {
				t.Errorf("Strip(%q) = %q, want %q", c.name, have, c.want)
			}
		})
	}
}

// Whatever a name holds, its sibling with the Regions swapped comes to the same.
func FuzzStripPairs(f *testing.F) {
	for _, seed := range []string{"orders-{self}", "{self}/{peer}", "a_{self}_b-{self}", "{self}", "x", "-{self}-", "{self}.{self}", "é-{self}"} {
		f.Add(seed)
	}
	east, west := Of("us-east-1", []string{"us-west-2"}), Of("us-west-2", []string{"us-east-1"})
	glued := regexp.MustCompile(`[0-9A-Za-z}\x{80}-\x{10ffff}]\{(self|peer)\}|\{(self|peer)\}[0-9A-Za-z{\x{80}-\x{10ffff}]`)
	f.Fuzz(func(t *testing.T, pattern string) {
		if glued.MatchString(pattern) || !utf8.ValidString(pattern) {
			return // no whole word
		}
		for _, code := range []string{"us-east-1", "use1", "us-west-2", "usw2", "useast1", "uswest2", "us_east_1", "us_west_2", "us.east.1", "us.west.2"} {
			if strings.Contains(strings.ToLower(pattern), code) {
				return
			}
		}
		here := strings.NewReplacer("{self}", "us-east-1", "{peer}", "us-west-2").Replace(pattern)
		there := strings.NewReplacer("{self}", "us-west-2", "{peer}", "us-east-1").Replace(pattern)
		if a, b := east.Strip(here), west.Strip(there); a != b {
			t.Errorf("%q becomes %q, its sibling %q becomes %q", here, a, there, b)
		}
	})
}
