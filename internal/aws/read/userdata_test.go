package read

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// A start script that was read and the one that its template declares have one
// digest, whatever AWS calls the resources that it names: only so can be told in
// which Region somebody changed it. A variable of the script is no reference.
func TestAScriptIsHeldAgainstWhatItsTemplateSays(t *testing.T) {
	sealer := drift.NewSealer("run", []byte(strings.Repeat("k", 32)))
	const queue = "https://sqs.us-east-1.amazonaws.com/111111111111/app-Work-1A2B3C4D5E6F"
	for _, test := range []struct {
		name, live, declared string
		alike                bool
	}{
		{"what it declares", "export QUEUE=" + queue + " HERE=${HOME}", "${Fn::Base64:export QUEUE=${Work} HERE=${HOME}}", true},
		{"an attribute", "export QUEUE=app-Work-1A2B3C4D5E6F", "${Fn::Base64:export QUEUE=${Work.QueueName}}", true},
		{"by hand", "export QUEUE=https://sqs.us-east-1.amazonaws.com/111111111111/mine", "${Fn::Base64:export QUEUE=${Work}}", false},
		{"without references", "exit 0", base64.StdEncoding.EncodeToString([]byte("exit 0")), true},
	} {
		r := &run{Request: Request{Region: "us-east-1", Account: "111111111111", Sealer: sealer}, done: map[string]bool{}}
		r.expect([]inventory.Item{{Key: "app/Template", Type: "AWS::EC2::LaunchTemplate", ID: "lt-0a1b2c3d4e5f60718"},
			{Key: "app/Work", Type: "AWS::SQS::Queue", ID: queue, Names: map[string]string{"QueueName": "app-Work-1A2B3C4D5E6F", "Url": queue}}})
		item := r.Items[0]
		item.Declared = map[string]any{"LaunchTemplateData": map[string]any{"UserData": test.declared}}
		o := newObject()
		o.set("LaunchTemplateData", map[string]any{"UserData": base64.StdEncoding.EncodeToString([]byte(test.live))})
		r.found(item, o)
		r.sealScripts(r.keys())
		got := r.result.Resources[0]
		if alike := reflect.DeepEqual(got.Properties, got.Declared); alike != test.alike {
			t.Errorf("%s: alike %v; live %v, declared %v", test.name, alike, got.Properties, got.Declared)
		}
		planned := SealDeclared(sealer, "us-east-1", "111111111111", "AWS::EC2::LaunchTemplate",
			map[string]any{"LaunchTemplateData": map[string]any{"UserData": strings.NewReplacer("${Work", "${app/Work").Replace(test.declared)}}, nil)
		if !reflect.DeepEqual(planned, got.Declared) {
			t.Errorf("%s: a prediction has %v, the live template %v", test.name, planned, got.Declared)
		}
	}
}

// Where AWS gives two attributes one text, every Region takes the same of them.
func TestANameOfTwoAttributesIsOneNameEverywhere(t *testing.T) {
	r := &run{}
	names := map[string]string{}
	for _, attribute := range []string{"Alpha", "Beta", "Gamma", "Delta", "Epsilon"} {
		names[attribute] = "name-0123456789"
	}
	r.expect([]inventory.Item{{Key: "app/R", ID: "id-0123456789", Names: names}})
	for range 20 {
		if got := r.namesOfAll().Replace("id-0123456789 name-0123456789"); got != "${app/R} ${app/R.Alpha}" {
			t.Fatal(got)
		}
	}
}
