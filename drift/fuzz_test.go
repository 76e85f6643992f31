package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

// FuzzCompare feeds arbitrary trees to the whole comparison: it must neither
// panic nor find a difference between a resource and itself, and a tree must
// not lose a difference by being normalised.
func FuzzCompare(f *testing.F) {
	for _, r := range payments(east).Resources {
		data, err := json.Marshal(r.Properties)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Type, data, data)
	}
	f.Add("AWS::IAM::Policy", []byte(`{"PolicyDocument":{"Statement":{"Effect":"Allow","Action":[],"Condition":{"a":[{}],"A":3}}}}`), []byte(`{"PolicyDocument":"%7B"}`))
	f.Add("AWS::SQS::Queue", []byte(`{"Tags":[{"Key":"a"},{"Key":"a","Value":[1]}],"x":"{\"a\":[[[]]]}"}`), []byte(`{"Tags":"no","x":"[1e400]"}`))
	f.Fuzz(func(t *testing.T, typeName string, left, right []byte) {
		var a, b map[string]any
		if json.Unmarshal(left, &a) != nil || json.Unmarshal(right, &b) != nil {
			t.Skip()
		}
		p, s := lonely(east, typeName, a), lonely(west, typeName, b)
		if c := Compare(p, p, options); len(c.Findings) > 0 {
			t.Fatalf("a resource differs from itself:%s", show(c.Findings))
		}
		there, back := Compare(p, s, options), Compare(s, p, options)
		if there.Coverage != back.Coverage {
			t.Fatalf("coverage depends on the direction: %+v, %+v", there.Coverage, back.Coverage)
		}
		if again := Compare(p, s, options); show(again.Findings) != show(there.Findings) {
			t.Fatalf("two runs differ:%s\nand%s", show(there.Findings), show(again.Findings))
		}
	})
}

func lonely(p testPlace, typeName string, properties map[string]any) *Snapshot {
	return &Snapshot{Schema: SnapshotSchema, Account: p.account, Region: topology.Region{Name: p.region},
		Resources: []Resource{{Key: "s/R", Type: typeName, ID: p.generated("R"), Properties: properties, Declared: properties}}}
}

// FuzzRewrite checks that text which mentions nothing stays as it is, and that
// what is replaced is exactly what the mentions say.
func FuzzRewrite(f *testing.F) {
	f.Add("arn:aws:sqs:us-east-1:111111111111:payments-Queue-1A2B3C4D5E6F/*")
	f.Add("${x}us-east-1${")
	f.Add("us-east-1a us-east-10 xus-east-1 use1_us_east_1")
	c := newComparer(payments(east), payments(west), matchUp(payments(east), payments(west)), options)
	f.Fuzz(func(t *testing.T, s string) {
		out, names := c.primary.index.rewrite(0, s)
		if len(names) == 0 && out != s {
			t.Fatalf("%q became %q without a mention", s, out)
		}
		for _, m := range names {
			out = strings.Replace(out, m.token(), m.text, 1)
		}
		if len(names) > 0 && !strings.Contains(s, "${") && out != s {
			t.Fatalf("%q came back as %q", s, out)
		}
	})
}

// FuzzReadSnapshot checks that no file makes the reader panic, and that what
// it accepts it can write and read again.
func FuzzReadSnapshot(f *testing.F) {
	var whole bytes.Buffer
	if err := WriteSnapshot(&whole, payments(east)); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add([]byte(`{"schema":"lockstep.snapshot/v1","region":{"name":"us-east-1"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadSnapshot(bytes.NewReader(data))
		if err != nil {
			t.Skip()
		}
		var first, second bytes.Buffer
		if err := WriteSnapshot(&first, s); err != nil {
			t.Fatal(err)
		}
		again, err := ReadSnapshot(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if err := WriteSnapshot(&second, again); err != nil || first.String() != second.String() {
			t.Fatalf("a second copy differs: %v", err)
		}
		Compare(s, again, options)
	})
}

func TestASnapshotSurvivesItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "us-east-1.json")
	var file bytes.Buffer
	if err := WriteSnapshot(&file, payments(east)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadSnapshot(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	standby := payments(west)
	set("Fn", "MemorySize", 128.0)(standby)
	if there, here := Compare(read, standby, options), Compare(payments(east), standby, options); show(there.Findings) != show(here.Findings) || len(here.Findings) != 1 {
		t.Errorf("from the file:%s\nin memory:%s", show(there.Findings), show(here.Findings))
	}
}

func TestFilesThatAreNoSnapshotAreRefusedWithTheReason(t *testing.T) {
	var file bytes.Buffer
	if err := WriteSnapshot(&file, payments(east)); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ data, says string }{
		"truncated":        {file.String()[:file.Len()/2], fmt.Sprintf("it ends in the middle, after %d bytes", file.Len()/2)},
		"empty":            {"", "it is empty: take it again with `lockstep snapshot`"},
		"a list":           {"[]", "it holds a JSON array, not an object"},
		"noise":            {"{\n  \"schema\": lockstep}", "line 2, column 13: not JSON (invalid character 'l'"},
		"another shape":    {"{\"schema\":\"lockstep.snapshot/v1\",\n\"resources\":\"none\"}", "line 2, column 18: resources cannot be a JSON string"},
		"another document": {`{"findings":[]}`, "no schema"},
		"a newer schema":   {`{"schema":"lockstep.snapshot/v2"}`, `schema "lockstep.snapshot/v2", want "lockstep.snapshot/v1"`},
		"unknown field":    {`{"schema":"lockstep.snapshot/v1","region":{"name":"us-east-1"},"extra":1}`, `unknown field "extra"`},
		"two documents":    {file.String() + "{}", "not JSON (invalid character '{' after top-level value): take it again"},
		"no Region":        {`{"schema":"lockstep.snapshot/v1"}`, "names no Region"},
	} {
		if s, err := ReadSnapshot(strings.NewReader(test.data)); err == nil || s != nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error is %v, want one with %q", name, err, test.says)
		}
	}
}
