package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/terraform"
	"github.com/lockstep-dr/lockstep/topology"
)

// Terraform is a source of the configuration: the states that hold the
// application's resources, one for every Region or one for several.
type Terraform struct {
	// Key begins the keys of its resources: "terraform", or "terraform/NAME".
	Key string
	// State is where the state is, by Region code: s3://bucket/key, or a path.
	State map[string]string
	// At is where the configuration names it, for messages.
	At string
}

// StateError says that a state cannot be what the configuration means: it does
// not exist, or is none. It is a wrong setup and no gap: nothing AWS does would
// mend it.
type StateError struct {
	// At is the place in the configuration, Location the state.
	At, Location string
	Err          error
}

func (e *StateError) Error() string {
	return fmt.Sprintf("%s: read Terraform state %s: %v", e.At, e.Location, e.Err)
}

func (e *StateError) Unwrap() error { return e.Err }

// StateReader reads Terraform states.
type StateReader struct {
	Topology topology.Topology
	// Open gives the session of a Region of the topology, unless it could not be opened.
	Open func(region string) (session.ReadOnly, bool)
	// File reads a local file.
	File func(path string) ([]byte, error)
}

// Read reads every state and sorts what they hold into the Regions. A state that
// a service refuses or fails to hand out is a gap of its Regions; one that does
// not exist, or is no state, is a *StateError. Other errors are the context's.
func (r StateReader) Read(ctx context.Context, sources []Terraform) (map[string]More, error) {
	found := map[string]More{}
	var failures []error
	for _, source := range sources {
		states, err := r.states(ctx, source)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		r.sort(source, states, found)
	}
	partsOfGlobals(found)
	for _, more := range found {
		more.giveParts()
	}
	return found, errors.Join(failures...)
}

// giveParts tells the items which properties are entries of their own in a state.
func (m More) giveParts() {
	for _, p := range m.parts {
		for i := range m.Items {
			if item := &m.Items[i]; p.property != "" && item.Type == p.typ && slices.Contains(item.texts(), p.owner) && !slices.Contains(item.parts, p.property) {
				item.parts = append(item.parts, p.property)
			}
		}
	}
}

// partsOfGlobals lets go of parts whose owner exists once for all Regions and is
// listed, and so read, in another: a policy that the standby's state attaches to
// a role of the primary's.
func partsOfGlobals(found map[string]More) {
	listed := map[string]bool{}
	for _, more := range found {
		for _, item := range more.Items {
			for _, name := range item.texts() {
				listed[item.Type+" "+name] = strings.HasPrefix(item.Type, "AWS::IAM::")
			}
		}
	}
	for region := range found {
		add(found, region, func(m *More) {
			m.parts = slices.DeleteFunc(m.parts, func(p part) bool { return listed[p.typ+" "+p.owner] })
		})
	}
}

// CheckFiles reads the states of a source that are files, each once. The error
// holds a *StateError for every one that is no state.
func CheckFiles(source Terraform, file func(path string) ([]byte, error)) error {
	var failures []error
	for _, location := range slices.Compact(slices.Sorted(maps.Values(source.State))) {
		if strings.HasPrefix(location, "s3://") {
			continue
		}
		data, err := file(location)
		if err == nil {
			_, err = terraform.Parse(data)
		}
		if err != nil {
			failures = append(failures, &StateError{At: source.At, Location: location, Err: err})
		}
	}
	return errors.Join(failures...)
}

// state is one state, or why it was not read.
type state struct {
	location string
	regions  []string
	parsed   *terraform.State
	version  string // of the object
	problem  session.Problem
}

// states reads the states of one source at once; a location that several
// Regions share is read once.
func (r StateReader) states(ctx context.Context, source Terraform) ([]state, error) {
	var list []state
	for _, region := range r.Topology.Names() {
		location, ok := source.State[region]
		if !ok {
			continue
		}
		i := slices.IndexFunc(list, func(s state) bool { return s.location == location })
		if i < 0 {
			list = append(list, state{location: location})
			i = len(list) - 1
		}
		list[i].regions = append(list[i].regions, region)
	}
	failures := make([]error, len(list))
	var group sync.WaitGroup
	for i := range list {
		group.Go(func() {
			if err := r.read(ctx, &list[i]); err != nil {
				failures[i] = &StateError{At: source.At, Location: list[i].location, Err: err}
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return list, errors.Join(failures...)
}

// read fetches and parses one state. The error is a wrong setup.
func (r StateReader) read(ctx context.Context, s *state) error {
	var data []byte
	var err error
	if url, remote := strings.CutPrefix(s.location, "s3://"); remote {
		var missing error
		if data, missing = r.object(ctx, s, url); missing != nil || data == nil {
			return missing
		}
	} else if data, err = r.File(s.location); err != nil {
		return err
	}
	s.parsed, err = terraform.Parse(data)
	return err
}

// sort turns the states of one source into items, parts, facts and gaps.
func (r StateReader) sort(source Terraform, states []state, found map[string]More) {
	var given []terraform.Given
	for _, s := range states {
		if s.parsed == nil {
			for _, region := range s.regions {
				add(found, region, func(m *More) { m.Gaps = append(m.Gaps, unreadState(source, region, s)) })
			}
			continue
		}
		given = append(given, terraform.Given{State: s.parsed, Regions: s.regions})
		for _, region := range s.regions {
			add(found, region, func(m *More) { m.Facts = append(m.Facts, edition(source, s)) })
		}
	}
	for region, objects := range terraform.Regions(given, terraform.Places(r.Topology)) {
		for _, o := range objects {
			for _, there := range r.concerned(region, o) {
				add(found, there, func(m *More) { m.take(source, there, o) })
			}
		}
	}
}

// concerned are the Regions whose snapshot must say something about an object:
// its own, or, when nobody knows which that is, any of them may be; what exists
// outside of the application's Regions is said once, in the reference Region's.
func (r StateReader) concerned(region string, o terraform.Object) []string {
	switch {
	case region != "":
		return []string{region}
	case o.Region == "":
		return r.Topology.Names()
	}
	return []string{r.Topology.Reference().Name}
}

func add(found map[string]More, region string, change func(*More)) {
	m := found[region]
	change(&m)
	found[region] = m
}

// take adds one object to what is listed of a Region.
func (m *More) take(source Terraform, region string, o terraform.Object) {
	key := o.KeyIn(source.Key)
	gap := drift.Gap{Region: region, Resource: key, Type: cmp.Or(o.Type, o.Terraform), Operation: byState, Reason: session.Unsupported}
	item := Item{Key: key, Type: o.Type, ID: o.ID, Names: o.Names, Resolved: o.Resolved, listedBy: byState}
	if item.Resolved == nil {
		item.Resolved = map[string]any{} // the state says all there is to say, and that is nothing
	}
	switch {
	case o.Region == "" && o.Problem == "":
		gap.Message = o.Address + ": the state does not say in which Region it is"
	case o.Region != "" && o.Region != region:
		gap.Fact, gap.Reason = drift.FactElsewhere, "OtherRegion"
		gap.Message = o.Address + " is in " + o.Region + ", which is no Region of the application: it is not looked at"
	case o.Problem != "":
		gap.Message = o.Address + ": " + o.Problem
	case o.Part != nil:
		m.parts = append(m.parts, part{region: region, key: key, typ: o.Part.Type, owner: o.Part.Owner, property: o.Part.Property, address: o.Address, listed: byState})
		return
	case o.Ambiguous != "":
		m.Gaps, m.Facts = append(m.Gaps, ambiguous(item, region, o.Ambiguous)), append(m.Facts, unread(item))
		return
	default:
		m.Items = append(m.Items, item)
		return
	}
	m.Gaps = append(m.Gaps, gap)
}

// ambiguous is the gap of something that may belong to more than one sibling.
func ambiguous(item Item, region, why string) drift.Gap {
	return drift.Gap{Region: region, Resource: item.Key, Type: item.Type, Operation: "lockstep:Pair", Reason: "Ambiguous", Message: why}
}

// unread keeps what something is called that is not read, because others mention it.
func unread(item Item) drift.Fact {
	names := map[string]any{}
	for attribute, name := range item.Names {
		names[attribute] = name
	}
	return drift.Fact{Kind: drift.FactUnread, Subject: item.Key, Value: map[string]any{"Type": item.Type, "PhysicalId": item.ID, "Identities": names}}
}

func unreadState(source Terraform, region string, s state) drift.Gap {
	return drift.Gap{
		Region: region, Resource: source.Key, Operation: cmp.Or(s.problem.Permission, "s3:GetObject"), Reason: s.problem.Reason,
		Message: "Terraform state " + s.location + ": " + s.problem.Message,
	}
}

// edition says which edition of a state was read.
func edition(source Terraform, s state) drift.Fact {
	return drift.Fact{Kind: drift.FactTerraformState, Subject: source.Key, Value: map[string]any{
		"Location": s.location, "VersionId": s.version, "Lineage": s.parsed.Lineage, "Serial": float64(s.parsed.Serial),
		"TerraformVersion": s.parsed.Version,
	}}
}

// plain is a name without the slash, which in a key divides a source from what it holds.
func plain(name string) string { return strings.ReplaceAll(name, "/", ":") }
