package template

import (
	"errors"
	"strings"
	"testing"
)

func TestParseReadsYAML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"short forms become long ones", "a: !Ref b\nc: !GetAtt d.e.f\ng: !Sub '${x}'", `{"a":{"Ref":"b"},"c":{"Fn::GetAtt":["d","e.f"]},"g":{"Fn::Sub":"${x}"}}`},
		{"short forms nest in lists and maps", "a: !Join\n- ''\n- - !Ref b\n  - !Select [0, !GetAZs '']", `{"a":{"Fn::Join":["",[{"Ref":"b"},{"Fn::Select":[0,{"Fn::GetAZs":""}]}]]}}`},
		{"a condition reference is a Condition map", "a: !Not [!Condition b]", `{"a":{"Fn::Not":[{"Condition":"b"}]}}`},
		{"a tag without value is empty text and leaves its siblings alone", "a:\n  b: !GetAZs # here\n  c: 1\nd: 2", `{"a":{"b":{"Fn::GetAZs":""},"c":1},"d":2}`},
		{"a list may start at the column of its tagged key", "a: !FindInMap\n- b\n- c\nd: !Sub\n", `{"a":{"Fn::FindInMap":["b","c"]},"d":{"Fn::Sub":""}}`},
		{"a tagged scalar is text whatever it looks like", "a: !Sub 1.10\nb: !Ref true", `{"a":{"Fn::Sub":"1.10"},"b":{"Ref":"true"}}`},
		{"version dates stay text", "a: 2012-10-17\nb: 2010-09-09", `{"a":"2012-10-17","b":"2010-09-09"}`},
		{"account ids with a leading zero stay text", "a: 012345678901\nb: 00", `{"a":"012345678901","b":"00"}`},
		{"integers a float64 cannot hold stay text", "a: 9007199254740993\nb: 123456789012", `{"a":"9007199254740993","b":123456789012}`},
		{"clock times, hexadecimal and octal stay text", "a: 22:30\nb: 0x1F\nc: 0o7\nd: 1e3", `{"a":"22:30","b":"0x1F","c":"0o7","d":"1e3"}`},
		{"decimal numbers are numbers", "a: 5\nb: -5\nc: 0.5\nd: 0", `{"a":5,"b":-5,"c":0.5,"d":0}`},
		{"words of YAML 1.1 are bools", "a: yes\nb: Off\nc: true\nd: y", `{"a":true,"b":false,"c":true,"d":"y"}`},
		{"quoted words are text", "a: 'yes'\nb: \"5\"\nc: ''", `{"a":"yes","b":"5","c":""}`},
		{"keys are text", "on: 1\n5: 2\nnull: 3", `{"on":1,"5":2,"null":3}`},
		{"aliases copy their anchor", "a: &x {b: !Ref c}\nd: *x", `{"a":{"b":{"Ref":"c"}},"d":{"b":{"Ref":"c"}}}`},
		{"merge keys fill what is not given", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3", `{"a":{"b":1,"c":2},"d":{"b":3,"c":2}}`},
		{"block scalars keep and fold lines", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{"a":"x\ny\n","b":"x y"}`},
		{"comments and document marks are skipped", "# c\n---\na: b # c\n...\n", `{"a":"b"}`},
		{"a byte order mark is skipped", "\ufeffa: b", `{"a":"b"}`},
		{"a flow mapping is YAML even when it looks like JSON", "{a: !Ref b}", `{"a":{"Ref":"b"}}`},
		{"JSON keeps escapes", `{"a":"\u00e9\n\/","b":1e3,"c":null,"d":[true]}`, `{"a":"é\n/","b":1000,"c":null,"d":[true]}`},
		{"JSON may have tabs and no spaces", "{\n\t\"a\":{\"b\":\"c:d\"}}", `{"a":{"b":"c:d"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, _, err := parseTree([]byte(strings.TrimPrefix(c.src, "\ufeff")))
			if err != nil {
				t.Fatal(err)
			}
			same(t, root, c.want)
			if _, err := Parse([]byte(c.src)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		name, src    string
		line, column int
		message      string
	}{
		{"duplicate keys", "a: 1\nb: 2\na: 3", 3, 1, `duplicate key "a"`},
		{"duplicate keys that differ in quoting only", "a: 1\n\"a\": 3", 2, 1, `duplicate key "a"`},
		{"duplicate keys in JSON", "{\"a\": 1,\n \"a\": 2}", 2, 2, `duplicate key "a"`},
		{"broken YAML", "a:\n   b: 1\n  c: 2\n", 3, 3, "YAML not well-formed. (line 3, column 3)"},
		{"broken JSON", "{\"a\": 1,\n \"b\" 2}", 2, 6, "JSON not well-formed. (line 2, column 6)"},
		{"text after JSON", "{\"a\": 1}\n}", 2, 1, "JSON not well-formed"},
		{"an unknown tag", "a: !Foo b", 1, 4, "unsupported tag !Foo"},
		{"binary values", "a: !!binary aGk=", 1, 4, "unsupported tag !!binary"},
		{"two short forms in a row", "a: !Base64\n  !Sub b", 1, 4, "short forms cannot follow each other"},
		{"an alias without anchor", "a: *x", 1, 4, "alias *x has no anchor"},
		{"an alias inside its own anchor", "a: &x [*x]", 1, 8, "alias *x has no anchor"},
		{"two documents", "a: b\n---\nc: d", 3, 1, "one YAML document"},
		{"a list", "- a", 1, 1, "unsupported structure"},
		{"nothing", "", 1, 1, "unsupported structure"},
		{"a section that is a list", "Resources: [a]", 1, 1, "[/Resources] must be an object"},
		{"a resource that is text", "Resources:\n  A: b", 2, 3, "[/Resources/A] must be an object"},
		{"a condition that is no name", "Resources:\n  A:\n    Condition: !Equals [a, b]", 3, 5, "Every Condition member must be a string."},
		{"a function in DependsOn", "Resources:\n  A:\n    DependsOn: !Ref B", 3, 5, "DependsOn must be a string or list of strings."},
		{"a bound that is no number", "Parameters:\n  P: {Type: Number, MinValue: many}", 2, 21, "must be a number"},
		{"two short forms on a line", "a: !Base64 !Sub b", 1, 17, "YAML not well-formed"},
		{"nesting without end", "a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), 1, 104, "nested deeper"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.src))
			failsAt(t, err, c.line, c.column, c.message)
		})
	}
}

func TestParseIsBounded(t *testing.T) {
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i, prev := range []string{"a0", "a1", "a2", "a3", "a4", "a5", "a6"} {
		name := "a" + string(rune('1'+i))
		bomb += name + ": &" + name + " [" + strings.TrimSuffix(strings.Repeat("*"+prev+",", 10), ",") + "]\n"
	}
	for name, src := range map[string]string{
		"aliases that multiply":   bomb,
		"a million open brackets": strings.Repeat("[", 900_000),
		"a chain of list marks":   strings.Repeat("- ", 450_000) + "a",
		"a chain of tags":         "a: " + strings.Repeat("!Ref ", 180_000),
		"a map that is too wide":  strings.Repeat("k: v\n", 100_000),
		"colons without end":      "a: " + strings.Repeat(": ", 400_000),
		"too many bytes":          strings.Repeat("#", maxBytes+1),
		"bytes that are no text":  "a: \xff\xfe",
	} {
		t.Run(name, func(t *testing.T) {
			var fault *Error
			if _, err := Parse([]byte(src)); !errors.As(err, &fault) {
				t.Errorf("got %v, want an *Error", err)
			}
		})
	}
}

func TestParseKeepsParameterTextAsWritten(t *testing.T) {
	tmpl := mustParse(t, "Parameters:\n  P:\n    Type: String\n    Default: 5.5\n    AllowedValues: [5.5, true, 007]\n    NoEcho: true\n    MinLength: \"1\"\n    MaxLength: 3\n")
	p := tmpl.Parameters["P"]
	if *p.Default != "5.5" || strings.Join(p.AllowedValues, ",") != "5.5,true,007" || !p.NoEcho || *p.MinLength != 1 || *p.MaxLength != 3 {
		t.Errorf("got %+v", p)
	}
}

func TestPositionFindsNodes(t *testing.T) {
	yaml := mustParse(t, around("{a/b: [1, !Sub x]}"))
	jsn := mustParse(t, "{\"Resources\": {\n  \"Fn\": {\"Type\": \"A::B::C\",\n    \"Properties\": {\"V\": [1,\n 2]}}}}")
	for _, c := range []struct {
		name string
		t    *Template
		path string
		want Position
	}{
		{"a key", yaml, "Resources/Fn/Properties/V", Position{4, 7}},
		{"a key with a slash", yaml, "Resources/Fn/Properties/V/a~1b", Position{4, 11}},
		{"an element", yaml, "Resources/Fn/Properties/V/a~1b/0", Position{4, 17}},
		{"a function", yaml, "Resources/Fn/Properties/V/a~1b/1/Fn::Sub", Position{4, 20}},
		{"the nearest ancestor of something absent", yaml, "Resources/Fn/Properties/W/X", Position{3, 5}},
		{"a key in JSON", jsn, "Resources/Fn/Properties", Position{3, 5}},
		{"an element in JSON", jsn, "Resources/Fn/Properties/V/1", Position{4, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.t.Position(c.path); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
