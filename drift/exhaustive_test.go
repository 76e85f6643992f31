package drift

import (
	"fmt"
	"maps"
	"math"
	"math/rand"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// leaf is one scalar of a tree and how to replace it.
type leaf struct {
	where string
	value any
	put   func(any)
}

func leaves(v any, where string, put func(any)) []leaf {
	var all []leaf
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			all = append(all, leaves(v[k], where+"."+k, func(x any) { v[k] = x })...)
		}
	case []any:
		for i := range v {
			all = append(all, leaves(v[i], where+"."+strconv.Itoa(i), func(x any) { v[i] = x })...)
		}
	default:
		all = append(all, leaf{where, v, put})
	}
	return all
}

// silentLeaves are the values of the sample that may differ between Regions,
// each with the reason. Everything else must not.
var silentLeaves = map[string]string{
	"Fn.Arn":                                     "read-only: an identity",
	"Fn.LastModified":                            "bookkeeping",
	"Fn.RevisionId":                              "bookkeeping",
	"Deployment.CreatedDate":                     "bookkeeping",
	"Logs.CreationTime":                          "bookkeeping",
	"Bucket.Tags.0.Key":                          "reserved tag",
	"Bucket.Tags.0.Value":                        "reserved tag",
	"Bucket.Tags.1.Key":                          "reserved tag",
	"Bucket.Tags.1.Value":                        "reserved tag",
	"Live.FunctionVersion":                       "a number; its content is compared by the fact",
	"Fn.MemorySize":                              "may be larger",
	"Fn.Timeout":                                 "may be larger",
	"Fn.ReservedConcurrentExecutions":            "may be larger",
	"Stage.MethodSettings.0.ThrottlingRateLimit": "may be larger",
}

// Every single value of the standby is replaced in turn by one that is unlike
// any other: each must be noticed, and on its own resource.
func TestNoValueOfTheStandbyCanChangeUnnoticed(t *testing.T) {
	count := 0
	for i := range payments(west).Resources {
		r := payments(west).Resources[i]
		for n := range leaves(r.Properties, logicalOf(r.Key), nil) {
			standby := payments(west)
			at := leaves(standby.Resources[i].Properties, logicalOf(r.Key), nil)[n]
			if strings.Contains(at.where, "$secret.regions") {
				continue
			}
			at.put(changed(at.value))
			c := Compare(payments(east), standby, options)
			found := slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Resource == r.Key })
			_, silent := silentLeaves[at.where]
			own := isOwnName(&r, at)
			if !found && len(c.Gaps) == 0 && !silent && !own {
				t.Errorf("%s changed from %v to %v unnoticed", at.where, at.value, changed(at.value))
			}
			if found && silent && !strings.HasPrefix(at.where, "Bucket.Tags") {
				t.Errorf("%s is said to be silent and is not:%s", at.where, show(c.Findings))
			}
			count++
		}
	}
	if count < 150 {
		t.Errorf("only %d values were tried", count)
	}
}

// isOwnName reports whether a value is the resource's own name, which may be
// another in every Region.
func isOwnName(r *Resource, at leaf) bool {
	name, _, ok := ownName(r)
	short := strings.TrimPrefix(at.where, logicalOf(r.Key)+".")
	return ok && short == name || short == "GroupName"
}

func changed(v any) any {
	switch v := v.(type) {
	case bool:
		return !v
	case float64:
		return v + 1
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return strconv.Itoa(n + 1)
		}
	}
	return "changed-by-hand"
}

// Values AWS could return but nobody expects must neither panic nor break the
// invariants.
func TestRandomTreesBreakNothing(t *testing.T) {
	pool := []any{nil, true, false, "", "true", "0", 0.0, math.Copysign(0, -1), 1e300, "us-east-1", "us-west-2", "${Fn.Arn}", "{", `{"Statement":[{"Effect":"Allow"}]}`,
		`{"Statement":{"Effect":"Deny","Action":"*","NotPrincipal":{"AWS":[]}}}`, "[1,2,3]", []any{}, []any{nil}, map[string]any{}, []any{map[string]any{"Key": "a"}, 3.0},
		map[string]any{"$secret": map[string]any{}}, map[string]any{"$secret": 3.0}, map[string]any{"Statement": []any{map[string]any{"Effect": "Allow", "Condition": []any{"x"}}}},
		[]any{[]any{[]any{}}}, "\x00\xff", "arn:aws:sqs:us-east-1:111111111111:" + east.generated("Queue"), strings.Repeat("a-", 500)}
	for seed := range int64(100) {
		r := rand.New(rand.NewSource(seed))
		left, right := payments(east), payments(west)
		for range 8 {
			for _, s := range []*Snapshot{left, right} {
				resource := &s.Resources[r.Intn(len(s.Resources))]
				all := leaves(resource.Properties, "", nil)
				if len(all) > 0 {
					all[r.Intn(len(all))].put(mapText(pool[r.Intn(len(pool))], strings.Clone))
				}
				if r.Intn(4) == 0 {
					resource.Declared = nil
				}
			}
		}
		for _, s := range []*Snapshot{left, right} {
			if c := Compare(s, s, options); len(c.Findings) > 0 {
				t.Fatalf("seed %d: a snapshot differs from itself:%s", seed, show(c.Findings))
			}
		}
		there, again := Compare(left, right, options), Compare(left, right, options)
		if fmt.Sprint(there) != fmt.Sprint(again) && show(there.Findings) != show(again.Findings) {
			t.Fatalf("seed %d: two runs differ", seed)
		}
		back := Compare(right, left, options)
		if equalPlaces(there) != equalPlaces(back) {
			t.Fatalf("seed %d: there\n%s\nback\n%s", seed, show(there.Findings), show(back.Findings))
		}
	}
}

// equalPlaces lists where a symmetric relation fails.
func equalPlaces(c Comparison) string {
	var all []string
	for _, f := range c.Findings {
		rule := newRuleBook().ruleFor(f.Type, path{{name: strings.SplitN(f.Property, ".", 2)[0]}})
		if f.Relation == Equal && rule.Relation == Equal && !strings.Contains(f.Property, "Throttling") {
			all = append(all, f.Resource+" "+f.Property)
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
