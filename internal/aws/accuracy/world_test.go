package accuracy

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/mototest"
	"github.com/lockstep-dr/lockstep/topology"
)

var roles = []string{"primary", "standby"}

// world is two Regions with the stacks of one scenario in them.
type world struct {
	*testing.T
	scenario *scenario
	cloud    *awssim.Cloud // nil on moto
	moto     string
	tape     *tape // what stands between the program and moto; nil: nothing
	clock    *clock.Manual
	topology topology.Topology
	sessions []*session.Session
	saved    []map[string]string // by Region
	outputs  []map[string]string // by Region: "stack.Name" to value
	read     []*drift.Snapshot   // what variables refer to
}

// deploy makes a world of its own for a scenario.
func deploy(t *testing.T, s *scenario) *world {
	t.Helper()
	w := empty(t, s)
	w.createAll()
	return w
}

// empty is the world of a scenario before anything was deployed to it.
func empty(t *testing.T, s *scenario) *world {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	cloud, err := awssim.New(awssim.Options{Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, scenario: s, cloud: cloud, clock: clk}
	w.open()
	w.accounts()
	w.prepare()
	return w
}

// accounts are accounts that run something already: a new one may start 5 vCPUs,
// which AWS raises with use, and would not run the machines of these templates.
func (w *world) accounts() {
	w.Helper()
	for _, s := range w.sessions {
		if _, err := servicequotas.NewFromConfig(s.Config).RequestServiceQuotaIncrease(w.Context(), &servicequotas.RequestServiceQuotaIncreaseInput{
			ServiceCode: aws.String("ec2"), QuotaCode: aws.String("L-1216C47A"), DesiredValue: aws.Float64(64)}); err != nil {
			w.Fatal(err)
		}
	}
}

// copy is the same world for a test that will change it.
func (w *world) copy(t *testing.T) *world {
	t.Helper()
	clk := clock.NewManual(w.clock.Now())
	out := &world{T: t, scenario: w.scenario, cloud: w.cloud.Clone(clk), clock: clk, outputs: w.outputs, read: w.read, saved: w.savedSoFar()}
	out.open()
	return out
}

func (w *world) open() {
	w.Helper()
	regions := []topology.Region{{Name: w.scenario.Regions[0], Role: topology.Primary}, {Name: w.scenario.Regions[1], Role: topology.Standby}}
	for i, role := range roles {
		if other := w.scenario.Accounts[role]; other != "" {
			regions[i].Account, regions[i].RoleToAssume = other, "arn:aws:iam::"+other+":role/lockstep"
		}
	}
	var err error
	if w.topology, err = topology.New("app", topology.WarmStandby, regions); err != nil {
		w.Fatal(err)
	}
	if w.sessions, err = session.Open(w.Context(), w.topology, w.sessionOptions()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) sessionOptions() session.Options {
	o := session.Options{Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""), MaxBackoff: time.Millisecond,
		RateShare: -1, Getenv: func(string) string { return "" }, Endpoints: map[string]string{}}
	endpoint := w.moto
	if w.cloud != nil {
		o.HTTPClient, endpoint = w.cloud.HTTPClient(), "http://sim.test"
	} else {
		o.HTTPClient, o.MaxAttempts, o.CloudWatchProtocol = mototest.Client(), 1, "json"
		if w.tape != nil {
			o.HTTPClient = &http.Client{Transport: w.tape}
		}
		o.AttemptTimeout = mototest.Patience
	}
	for _, region := range w.scenario.Regions {
		o.Endpoints[region] = endpoint
	}
	return o
}

// prepare does what the scenario says must exist before its stacks.
func (w *world) prepare() {
	w.Helper()
	w.outputs, w.saved = []map[string]string{{}, {}}, []map[string]string{{}, {}}
	for _, before := range w.scenario.Before {
		for _, role := range roles {
			if before.In == "" || before.In == role {
				w.do(step{In: role, Call: before.Call, With: before.With, Save: before.Save})
			}
		}
	}
}

// createAll creates the stacks of the scenario in both Regions.
func (w *world) createAll() {
	w.Helper()
	for _, st := range w.scenario.Stacks {
		for i, role := range roles {
			if st.Only == "" || st.Only == role {
				w.create(i, role, st)
			}
		}
	}
}

func (w *world) create(i int, role string, st stack) {
	w.Helper()
	name := st.Key
	if st.Names[role] != "" {
		name = st.Names[role]
	}
	in := &cloudformation.CreateStackInput{StackName: &name, TemplateBody: aws.String(read(w.T, st.Template)),
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam, types.CapabilityCapabilityAutoExpand}}
	for _, given := range []map[string]string{st.Parameters["both"], st.Parameters[role]} {
		for key, value := range given {
			in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: aws.String(key), ParameterValue: aws.String(w.fill(i, value))})
		}
	}
	client := cloudformation.NewFromConfig(w.sessions[i].Config)
	if _, err := client.CreateStack(w.Context(), in); err != nil {
		w.Fatalf("create stack %s in the %s: %v", name, role, err)
	}
	w.rest()
	w.learn(i, st.Key, name, client)
}

// learn waits for a stack and remembers its outputs.
func (w *world) learn(i int, key, name string, client *cloudformation.Client) {
	w.Helper()
	out, err := client.DescribeStacks(w.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		w.Fatal(err)
	}
	if st := out.Stacks[0]; st.StackStatus != types.StackStatusCreateComplete && st.StackStatus != types.StackStatusUpdateComplete {
		events, _ := client.DescribeStackEvents(w.Context(), &cloudformation.DescribeStackEventsInput{StackName: &name})
		for _, e := range events.StackEvents {
			w.Logf("%s %s %s", aws.ToString(e.LogicalResourceId), e.ResourceStatus, aws.ToString(e.ResourceStatusReason))
		}
		w.Fatalf("stack %s in the %s is %s", name, roles[i], st.StackStatus)
	}
	for _, o := range out.Stacks[0].Outputs {
		w.outputs[i][key+"."+aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
}

func (w *world) sealer() drift.Sealer { return drift.NewSealer("run-1", bytes.Repeat([]byte{7}, 32)) }

// snapshots reads both Regions, as the product does, with the quotas of the types
// that a release is about to bring.
func (w *world) snapshots(brings ...string) []*drift.Snapshot {
	w.Helper()
	o := collect.Options{App: "app", Topology: w.topology, Run: "run-1", Sealer: w.sealer(), Now: w.clock.Now, Brings: brings}
	named := map[string]bool{}
	for _, st := range w.scenario.Stacks {
		if named[st.Key] {
			continue // one stack, from a template of its own in each Region
		}
		named[st.Key] = true
		source := inventory.Source{Key: st.Key, Names: map[string]string{}}
		for i, role := range roles {
			if st.Names[role] != "" {
				source.Names[w.scenario.Regions[i]] = st.Names[role]
			}
		}
		o.Stacks = append(o.Stacks, source)
	}
	list, err := collect.FromSessions(w.Context(), w.sessions, o)
	if err != nil {
		w.Fatal(err)
	}
	return list
}

func (w *world) compare(s []*drift.Snapshot) drift.Comparison {
	return drift.Compare(s[0], s[1], drift.Options{Topology: w.topology, Now: w.clock.Now(),
		Objectives: topology.Objectives{Floor: w.scenario.Objectives.Floor, Ceiling: w.scenario.Objectives.Ceiling}})
}

// do makes the calls, in the standby unless they say otherwise, and lets the Regions come to rest.
func (w *world) do(steps ...step) {
	w.Helper()
	known := operations()
	if w.cloud == nil {
		maps.Copy(known, motoOperations())
	}
	for _, s := range steps {
		i := 1
		if s.In == "primary" {
			i = 0
		}
		operation, ok := known[s.Call]
		if !ok {
			w.Fatalf("%s is not in the table of operations", s.Call)
		}
		with, _ := w.filled(i, s.With).(map[string]any)
		out, err := operation(w.Context(), w.sessions[i].Config, with)
		if err != nil {
			w.Fatalf("%s in the %s with %v: %v", s.Call, roles[i], with, err)
		}
		w.save(i, s, out)
		w.rest()
	}
}

// rest lets the simulator come to rest; moto does everything at once, by the machine's own clock.
func (w *world) rest() {
	if w.cloud != nil {
		w.clock.Advance(time.Hour)
	}
}

// savedSoFar is a copy's own.
func (w *world) savedSoFar() []map[string]string {
	return []map[string]string{maps.Clone(w.saved[0]), maps.Clone(w.saved[1])}
}

// save keeps members of an output for later steps.
func (w *world) save(i int, s step, out any) {
	w.Helper()
	if len(s.Save) == 0 {
		return
	}
	tree, err := drift.Object(out)
	if err != nil {
		w.Fatal(err)
	}
	for name, path := range s.Save {
		var at any = tree
		for member := range strings.SplitSeq(path, ".") {
			at = memberOf(at, member)
		}
		if at == nil {
			w.Fatalf("%s: the output has no %s", s.Call, path)
		}
		w.saved[i][name] = fmt.Sprint(at)
	}
}

// memberOf is a member of an object, or an element of a list by its number.
func memberOf(tree any, name string) any {
	switch tree := tree.(type) {
	case map[string]any:
		return tree[name]
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i < len(tree) {
			return tree[i]
		}
	}
	return nil
}

// filled replaces variables in a tree. A map with the one key "$json" becomes its text, one with "$bytes" its encoding.
func (w *world) filled(i int, v any) any {
	switch v := v.(type) {
	case string:
		return w.fill(i, v)
	case []any:
		out := make([]any, len(v))
		for k := range v {
			out[k] = w.filled(i, v[k])
		}
		return out
	case map[string]any:
		if text, ok := v["$json"]; ok {
			data, err := json.Marshal(w.filled(i, text))
			if err != nil {
				w.Fatal(err)
			}
			return string(data)
		}
		if text, ok := v["$bytes"].(string); ok {
			return base64.StdEncoding.EncodeToString([]byte(w.fill(i, text)))
		}
		out := make(map[string]any, len(v))
		for k := range v {
			out[w.fill(i, k)] = w.filled(i, v[k])
		}
		return out
	}
	return v
}

// variable is "${Fn}", "${peer:Fn}", "${Fn.Arn}", "${other/Fn}", "${primary:Fn.Arn}", "${out:stack.Name}", "${AWS::Region}", "${Peer::Region}".
var variable = regexp.MustCompile(`\$\{(?:(primary|standby|peer):)?([A-Za-z0-9:/_-]+)(?:\.([A-Za-z.]+))?\}`)

func (w *world) fill(i int, text string) string {
	w.Helper()
	return variable.ReplaceAllStringFunc(text, func(match string) string {
		parts := variable.FindStringSubmatch(match)
		at := i
		switch parts[1] {
		case "primary":
			at = 0
		case "standby":
			at = 1
		case "peer":
			at = 1 - i
		}
		value, err := w.value(at, parts[2], parts[3])
		if err != nil {
			w.Fatal(err)
		}
		return value
	})
}

func (w *world) value(i int, name, attribute string) (string, error) {
	switch name {
	case "AWS::Region":
		return w.scenario.Regions[i], nil
	case "Peer::Region":
		return w.scenario.Regions[1-i], nil
	case "AWS::AccountId":
		return w.sessions[i].Account, nil
	case "Now":
		return w.clock.Now().UTC().Format(time.RFC3339), nil
	}
	if saved, ok := strings.CutPrefix(name, "saved:"); ok {
		return w.saved[i][saved], nil
	}
	if output, ok := strings.CutPrefix(name, "out:"); ok {
		if value, known := w.outputs[i][output+"."+attribute]; known {
			return value, nil
		}
		return "", fmt.Errorf("no output %s.%s in the %s", output, attribute, roles[i])
	}
	key := keyOf(name)
	for _, r := range w.read[i].Resources {
		if r.Key != key {
			continue
		}
		if attribute == "" {
			return r.ID, nil
		}
		if value, ok := r.Identities[attribute]; ok {
			return value, nil
		}
		return "", fmt.Errorf("%s has no %s, only %v", key, attribute, r.Identities)
	}
	return "", fmt.Errorf("%s is not in the %s", key, roles[i])
}

// keyOf is a resource's key: those of the stack "app" need not say so.
func keyOf(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return "app/" + name
}
