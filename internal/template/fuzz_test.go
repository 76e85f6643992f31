package template

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzEvaluate feeds arbitrary text through everything: no input may panic or hang.
func FuzzEvaluate(f *testing.F) {
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		if src, err := os.ReadFile(name); err == nil {
			f.Add(src)
		}
	}
	for _, seed := range fuzzSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		tmpl, err := Parse(src)
		if err != nil {
			return
		}
		_ = tmpl.Validate()
		_ = tmpl.Unexpanded()
		hash := tmpl.Canonical()
		again, err := Parse(hash)
		if err != nil {
			t.Fatalf("canonical form does not parse: %v\n%s", err, hash)
		}
		if string(again.Canonical()) != string(hash) {
			t.Fatalf("canonical form is not stable:\n%s\n%s", hash, again.Canonical())
		}
		values := map[string]string{}
		for name, p := range tmpl.Parameters {
			if p.Default == nil {
				values[name] = "1"
			}
		}
		e, err := tmpl.Evaluator(Scope{Region: "eu-west-1", Parameters: values, MaskNoEcho: true})
		if err != nil {
			return
		}
		_, _ = e.Order()
		_, _ = e.Outputs()
		for id := range e.Template().Resources {
			_, _ = e.Properties(id)
			e.Template().Dependencies(id)
			e.Template().Position("Resources/" + id + "/Properties/X/0")
		}
	})
}

var fuzzSeeds = []string{
	"{\"Resources\":{\"A\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"X\":{\"Fn::Join\":[\",\",[\"a\",{\"Ref\":\"A\"}]]}}}}}",
	"Conditions:\n  A: !Not [!Condition B]\n  B: !Or [!Condition A, !Equals [a, b]]\nResources: {}\n",
	"Resources:\n  A: &a\n    Type: X::Y::Z\n    Properties: {P: !Cidr [10.0.0.0/8, 256, 8]}\n  B:\n    <<: *a\n",
	"Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - N\n    - [a, b]\n    - R${N}: {Type: X::Y::Z, Properties: {A: !Ref N, B: {'Fn::ToJsonString': {a: [1]}}, C: {'Fn::Length': [1, 2]}}}\n",
	"Parameters:\n  P: {Type: CommaDelimitedList, Default: 'a,b', NoEcho: true}\nResources:\n  A: {Type: X::Y::Z, Properties: {P: !Select [1, !Ref P], Q: !Split ['-', !Sub '${A.Arn}-${!x}']}}\n",
	"Resources:\n  A:\n    Type: X::Y::Z\n    Properties:\n      P: |\n        text\n      Q: >-\n        folded\n         more\n      R: \"a\\\n        b\"\n      ? S\n      : !FindInMap [A, B, C]\n",
}
