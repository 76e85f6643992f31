package fault

import (
	"slices"
	"testing"
	"time"
)

func TestFaultsHitTheCallsTheyAreFor(t *testing.T) {
	call := CallInfo{Account: "1", Region: "eu-west-1", Service: "ssm", Operation: "GetParameter", Path: "/", Body: []byte(`{"Name":"/a"}`)}
	for _, c := range []struct {
		name  string
		fault Fault
		want  []int // which of ten calls are hit
	}{
		{"all of them", Fault{}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{"the third", Fault{From: 3, Count: 1}, []int{3}},
		{"the first two", Fault{Count: 2}, []int{1, 2}},
		{"each third from the second, twice", Fault{From: 2, Every: 3, Count: 2}, []int{2, 5}},
		{"another Region", Fault{Region: "us-east-1"}, nil},
		{"operations by prefix", Fault{Operation: "Get*", Count: 1}, []int{1}},
		{"another operation", Fault{Operation: "Put*"}, nil},
		{"by content", Fault{Contains: `"/a"`, Count: 1}, []int{1}},
		{"by other content", Fault{Contains: `"/b"`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s Set
			c.fault.Effect = Error
			if _, err := s.Add(c.fault); err != nil {
				t.Fatal(err)
			}
			var got []int
			for i := 1; i <= 10; i++ {
				if len(s.Calls(call)) > 0 {
					got = append(got, i)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("hit %v, want %v", got, c.want)
			}
		})
	}
}

func TestATokenBucketAdmitsItsRate(t *testing.T) {
	var s Set
	if _, err := s.Add(Fault{Effect: Throttle, Rate: 5, Burst: 10}); err != nil {
		t.Fatal(err)
	}
	now, admitted := time.Unix(0, 0), 0
	for i := range 200 { // 20 calls a second for ten seconds
		if len(s.Calls(CallInfo{At: now.Add(time.Duration(i) * 50 * time.Millisecond)})) == 0 {
			admitted++
		}
	}
	if admitted < 58 || admitted > 60 { // the burst, and five a second
		t.Errorf("admitted %d of 200", admitted)
	}
}

func TestFaultsThatMakeNoSenseAreRefused(t *testing.T) {
	var s Set
	for _, f := range []Fault{{}, {Effect: "explode"}, {Effect: Error, Status: 200}, {Effect: Latency, Delay: -1}} {
		if _, err := s.Add(f); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
}

func TestAFaultOnResourcesDoesNotHitCalls(t *testing.T) {
	var s Set
	if _, err := s.Add(Fault{ID: "x", Effect: FailResource, LogicalID: "A", Action: "create"}); err != nil {
		t.Fatal(err)
	}
	if len(s.Calls(CallInfo{})) != 0 || len(s.Resources(ResourceInfo{LogicalID: "A", Action: "update"})) != 0 ||
		len(s.Resources(ResourceInfo{LogicalID: "A", Action: "create"})) != 1 {
		t.Error("wrong selection")
	}
	if !s.Frozen("x") || !s.Remove("x") || s.Frozen("x") {
		t.Error("removal")
	}
}
