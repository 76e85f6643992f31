package collect

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// asState writes what stacks list in a Region as a Terraform state, as if
// Terraform had made it: the table of types, read backwards.
func (w *world) asState(region int, o Options) string {
	w.Helper()
	listing, err := inventory.List(w.Context(), w.sessions[region].ReadOnly, o.Stacks, nil)
	if err != nil || len(listing.Gaps) > 0 {
		w.Fatal(err, listing.Gaps)
	}
	var resources []string
	for _, item := range listing.Items {
		typ, attributes := backwards(item)
		if typ == "" {
			if !slices.Contains(versions, item.Type) {
				w.Errorf("Terraform has no row for %s", item.Type)
			}
			continue
		}
		text, err := json.Marshal(attributes)
		if err != nil {
			w.Fatal(err)
		}
		resources = append(resources, fmt.Sprintf(`{"mode": "managed", "type": %q, "name": %q, "provider": "provider.aws", "instances": [{"attributes": %s}]}`,
			typ, strings.ReplaceAll(item.Key, "/", "_"), text))
	}
	return `{"version": 4, "resources": [` + strings.Join(resources, ",\n") + `]}`
}

// versions are what Terraform publishes, or sets, with the resource that they are of.
var versions = []string{"AWS::ECS::ClusterCapacityProviderAssociations", "AWS::Lambda::Version", "AWS::StepFunctions::StateMachineVersion"}

var placeholder = regexp.MustCompile(`\{([a-z_0-9]+)\}`)

func backwards(item inventory.Item) (typ string, attributes map[string]any) {
	for _, row := range terraform.Types() {
		if row.CloudFormation != item.Type || row.By != "" || strings.Contains(row.When, "=") {
			continue
		}
		attributes := map[string]any{"region": "", "tags": nil}
		set := func(pairs string, from func(name string) string) {
			for pair := range strings.FieldsSeq(pairs) {
				name, attribute, _ := strings.Cut(pair, "=")
				if value := from(name); value != "" && !strings.Contains(attribute+value, "{") {
					attributes[attribute] = value
				}
			}
		}
		set(row.Names, func(name string) string { return item.Names[name] })
		set(row.Resolved, func(name string) string {
			var at any = item.Resolved
			for part := range strings.SplitSeq(strings.TrimSuffix(name, "[]"), ".") {
				object, _ := at.(map[string]any)
				at = object[part]
			}
			if list, ok := at.([]any); ok && len(list) > 0 {
				at = list[0]
			}
			if at == nil {
				return ""
			}
			return fmt.Sprint(at)
		})
		for pattern := range strings.FieldsSeq(row.ID) {
			words := placeholder.FindAllStringSubmatch(pattern, -1)
			if !slices.ContainsFunc(words, func(m []string) bool { return attributes[m[1]] == nil }) {
				return row.Terraform, attributes
			}
		}
		takeApart(row.ID, item.ID, attributes)
		return row.Terraform, attributes
	}
	return "", nil
}

// takeApart sets the attributes that a physical id consists of, by the first pattern that it fits.
func takeApart(patterns, id string, attributes map[string]any) {
	for pattern := range strings.FieldsSeq(patterns) {
		words := placeholder.FindAllStringSubmatch(pattern, -1)
		part := "(.+)"
		if len(words) > 1 {
			part = "([^|_/]+)"
		}
		var form strings.Builder
		for i, text := range placeholder.Split(pattern, -1) {
			if i > 0 {
				form.WriteString(part)
			}
			form.WriteString(regexp.QuoteMeta(text))
		}
		values := regexp.MustCompile("^" + form.String() + "$").FindStringSubmatch(id)
		for i := range min(len(words), max(0, len(values)-1)) {
			attributes[words[i][1]] = values[i+1]
		}
		if values != nil {
			return
		}
	}
	for _, m := range placeholder.FindAllStringSubmatch(patterns, -1) {
		if attributes[m[1]] == nil {
			attributes[m[1]] = id // CloudFormation's id is one part, and the template says the others
			return
		}
	}
}

// throughTerraform reads the sample application by states alone.
func (w *world) throughTerraform(files map[string]string) []*drift.Snapshot {
	w.Helper()
	sources := states("terraform", "east", "west")
	sources.File = func(path string) ([]byte, error) { return []byte(files[path]), nil }
	snapshots, err := w.take(sources)
	if err != nil {
		w.Fatal(err)
	}
	return snapshots
}

// alike holds what states list against what stacks list. What a reader adds or
// leaves out for what a template declares may differ, where exact is not set.
func (w *world) alike(o Options, exact bool) []*drift.Snapshot {
	w.Helper()
	snapshots, stacks := w.throughTerraform(map[string]string{"east": w.asState(0, o), "west": w.asState(1, o)}), w.snapshots(o)
	for i, s := range snapshots {
		if len(s.Gaps) > len(stacks[i].Gaps) {
			w.Errorf("%s: gaps %+v", s.Region.Name, s.Gaps)
		}
		for _, want := range stacks[i].Resources {
			at := slices.IndexFunc(s.Resources, func(r drift.Resource) bool {
				return r.Type == want.Type && strings.HasSuffix(r.Key, "."+strings.ReplaceAll(want.Key, "/", "_"))
			})
			switch {
			case slices.Contains(versions, want.Type):
			case at < 0:
				w.Errorf("%s: %s is not in the inventory", s.Region.Name, want.Key)
			case exact && !(reflect.DeepEqual(s.Resources[at].Properties, want.Properties) && reflect.DeepEqual(s.Resources[at].Identities, want.Identities)):
				w.Errorf("%s: %s is read as %v, through its stack as %v", s.Region.Name, want.Key, s.Resources[at].Properties, want.Properties)
			}
		}
	}
	result := drift.Compare(snapshots[0], snapshots[1], drift.Options{Topology: w.topology})
	// The default security group of a network is not simulated: nothing tells what it lets through.
	result.Findings = slices.DeleteFunc(result.Findings, func(f drift.Finding) bool {
		return f.Severity != drift.Block && (f.Property == "VPCSecurityGroups" || f.Property == "SecurityGroupIds")
	})
	if len(result.Findings) > 0 || result.Coverage.NotCompared > 0 {
		w.Errorf("coverage %+v, findings %+v", result.Coverage, result.Findings)
	}
	return snapshots
}

func TestANetworkThroughTerraform(t *testing.T) {
	w := newWorld(t)
	w.alike(w.network(), false)
}

// The sample application reads and compares alike whoever lists it.
func TestTheSampleApplicationThroughTerraform(t *testing.T) {
	w := newWorld(t)
	w.payments()
	snapshots := w.alike(w.options("payments-data", "payments"), true)
	for i := range snapshots[1].Resources {
		if r := &snapshots[1].Resources[i]; r.Type == "AWS::SQS::Queue" {
			r.Properties["VisibilityTimeout"] = 1.0
		}
	}
	if result := drift.Compare(snapshots[0], snapshots[1], drift.Options{Topology: w.topology}); len(result.Findings) == 0 || result.Findings[0].Cause != drift.Unknown {
		t.Errorf("a change is not found, or its cause is claimed to be known: %+v", result.Findings)
	}
}

func TestFurtherServicesThroughTerraform(t *testing.T) {
	for _, name := range []string{"apis", "backup", "certificates", "efs", "elasticache", "flow", "platform", "rds", "scaling", "wafv2"} {
		t.Run(name, func(t *testing.T) {
			w := telltale(t, name)
			w.alike(w.options("app"), false)
		})
	}
}
