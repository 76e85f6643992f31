package read

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// batches notes what a reader was given, and takes a second for each batch.
type batches struct {
	mu   sync.Mutex
	list []string
}

func (b *batches) read(items []inventory.Item) {
	b.mu.Lock()
	keys := []string{}
	for _, item := range items {
		keys = append(keys, item.Key)
	}
	b.list = append(b.list, fmt.Sprint(keys))
	b.mu.Unlock()
	time.Sleep(time.Second)
}

func TestItemsAreHandedOverWhileTheInventoryIsListed(t *testing.T) {
	early, held := "AWS::Logs::LogGroup", "AWS::CloudWatch::Alarm"
	type arrival struct {
		after time.Duration
		items []string // "early 1" or "held 1"
	}
	for _, c := range []struct {
		name     string
		arrivals []arrival
		want     []string
	}{
		{"nothing at all", nil, nil},
		{"what need not wait goes at once", []arrival{{0, []string{"early 1", "early 2"}}, {5 * time.Second, []string{"early 3"}}}, []string{"[early 1 early 2]", "[early 3]"}},
		{"what comes while the reader is busy goes together", []arrival{{0, []string{"early 1"}}, {100 * time.Millisecond, []string{"early 2"}},
			{100 * time.Millisecond, []string{"early 3"}}, {5 * time.Second, []string{"early 4"}}}, []string{"[early 1]", "[early 2 early 3]", "[early 4]"}},
		{"what shares calls waits for the last", []arrival{{0, []string{"held 1"}}, {5 * time.Second, []string{"held 2"}}}, []string{"[held 1 held 2]"}},
		{"both", []arrival{{0, []string{"held 1", "early 1"}}, {5 * time.Second, []string{"held 2", "early 2"}}}, []string{"[early 1]", "[early 2]", "[held 1 held 2]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b batches
				s := newStage(func(typ string) bool { return typ == early }, b.read)
				for _, a := range c.arrivals {
					time.Sleep(a.after)
					var items []inventory.Item
					for _, key := range a.items {
						item := inventory.Item{Key: key, Type: held}
						if key[0] == 'e' {
							item.Type = early
						}
						items = append(items, item)
					}
					s.add(items)
				}
				time.Sleep(100 * time.Millisecond)
				s.close()
				s.done.Wait()
				if fmt.Sprint(b.list) != fmt.Sprint(c.want) {
					t.Errorf("batches %v, want %v", b.list, c.want)
				}
			})
		})
	}
}

// A function and its alias may be of different stacks: what is provisioned is
// told once both are known, whichever came first.
func TestWhatAnAliasOfAnotherStackProvisionsIsNotLost(t *testing.T) {
	function, alias := sampleOf("AWS::Lambda::Function"), sampleOf("AWS::Lambda::Alias")
	function.Key, function.ID, alias.Key = "one/F", "f", "two/A"
	a := by(map[string]any{
		"Lambda GetFunction": &lambda.GetFunctionOutput{Configuration: &types.FunctionConfiguration{FunctionName: &function.ID}},
		"Lambda GetAlias":    &lambda.GetAliasOutput{},
		"Lambda GetProvisionedConcurrencyConfig": &lambda.GetProvisionedConcurrencyConfigOutput{
			Status: types.ProvisionedConcurrencyStatusEnumReady},
	})
	for _, order := range [][]inventory.Item{{function, alias}, {alias, function}} {
		synctest.Test(t, func(t *testing.T) {
			reading := Start(t.Context(), a.clients(), request())
			for _, item := range order {
				reading.Add([]inventory.Item{item})
				time.Sleep(time.Second) // each is a batch of its own
			}
			result, err := reading.Result()
			if err != nil {
				t.Fatal(err)
			}
			fact, _ := result.fact(drift.FactLambdaConcurrency, "one/F")
			provisioned, _ := member(fact, "Provisioned").(map[string]any)
			if provisioned["Status"] != "READY" {
				t.Errorf("%s first: %v, gaps %+v", order[0].Key, fact, result.Gaps)
			}
		})
	}
}

func TestAReadingThatIsCancelledEndsAndHasNoResult(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reading := Start(ctx, by(nil).clients(), request(sampleOf("AWS::SQS::Queue")))
	cancel()
	reading.Add([]inventory.Item{sampleOf("AWS::CloudWatch::Alarm")})
	if result, err := reading.Result(); err == nil || len(result.Gaps) != 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

// What is read early must not depend on what else is in its batch.
func TestEarlyTypesAreNamedByTheirReader(t *testing.T) {
	for _, reader := range readers() {
		for _, typ := range reader.early {
			if typ != allTypes && !slices.ContainsFunc(reader.specs, func(s Spec) bool { return s.Type == typ }) {
				t.Errorf("%s is read early by a reader that does not read it", typ)
			}
		}
	}
}
