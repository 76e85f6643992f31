package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/lockstep-dr/lockstep/deploy"
)

// readAPI is what reading a ledger calls.
type readAPI interface {
	GetParameterHistory(context.Context, *ssm.GetParameterHistoryInput, ...func(*ssm.Options)) (*ssm.GetParameterHistoryOutput, error)
	GetParameters(context.Context, *ssm.GetParametersInput, ...func(*ssm.Options)) (*ssm.GetParametersOutput, error)
}

// Reader reads the ledger of one application in one Region. It cannot write.
type Reader struct {
	api         readAPI
	app, region string
}

// NewReader returns a reader. The configuration must be for the Region.
func NewReader(cfg aws.Config, app, region string) *Reader {
	return &Reader{api: ssm.NewFromConfig(cfg), app: app, region: region}
}

// Read returns everything recorded. An application without a ledger has an
// empty state; a denied or failed call is an error.
func (r *Reader) Read(ctx context.Context) (deploy.LedgerState, error) {
	var state deploy.LedgerState
	values, err := r.get(ctx, r.name("release"), r.name("decision"), r.name("lock"), r.name("freeze"))
	if err != nil {
		return state, err
	}
	if state.Record, err = decode[deploy.Record](r, values, "release"); err != nil {
		return state, err
	}
	if state.Journal, err = decode[deploy.Journal](r, values, "decision"); err != nil {
		return state, err
	}
	if state.Lock, err = decode[deploy.LockInfo](r, values, "lock"); err != nil {
		return state, err
	}
	state.Freeze, err = decode[deploy.Freeze](r, values, "freeze")
	return state, err
}

// decode reads one entry; nil if it is not there.
func decode[T any](r *Reader, values map[string]string, entry string) (*T, error) {
	text, ok := values[r.name(entry)]
	if !ok {
		return nil, nil
	}
	out := new(T)
	if err := json.Unmarshal([]byte(text), out); err != nil {
		return nil, fmt.Errorf("read %s in %s: it is not what Lockstep wrote; repair or delete it: %w", r.name(entry), r.region, err)
	}
	return out, nil
}

// get reads parameters by name; those that do not exist are not in the answer.
func (r *Reader) get(ctx context.Context, names ...string) (map[string]string, error) {
	values := map[string]string{}
	for chunk := range slices.Chunk(names, 10) { // the limit of one call
		out, err := r.api.GetParameters(ctx, &ssm.GetParametersInput{Names: chunk, WithDecryption: aws.Bool(true)})
		if err != nil {
			return nil, fmt.Errorf("read ledger %s in %s (ssm:GetParameters): %w", r.name(""), r.region, err)
		}
		for _, p := range out.Parameters {
			values[aws.ToString(p.Name)] = aws.ToString(p.Value)
		}
	}
	return values, nil
}

// name is the full name of an entry.
func (r *Reader) name(entry string) string { return "/lockstep/" + clean(r.app) + "/" + entry }

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

// clean makes a word fit for a parameter name. Different words stay different.
func clean(word string) string {
	return notInNames.ReplaceAllStringFunc(word, func(s string) string { return fmt.Sprintf("_%x_", s) })
}
