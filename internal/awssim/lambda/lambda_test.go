package lambda_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/lambda"
	"github.com/lockstep-dr/lockstep/internal/awssim/s3"
	"github.com/lockstep-dr/lockstep/internal/awssim/sqs"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

const role = "arn:aws:iam::111111111111:role/run"

func properties(code map[string]any) map[string]any {
	return map[string]any{"Runtime": "python3.13", "Handler": "index.handler", "Role": role, "Code": code, "MemorySize": "512"}
}

func bench(t *testing.T) *coretest.Bench {
	b := coretest.New(t, lambda.Service(), s3.Service(), sqs.Service())
	b.Made(coretest.East, "Code", s3.Type, map[string]any{"BucketName": "code-east"})
	put(b, "one")
	return b
}

func put(b *coretest.Bench, body string) {
	b.Helper()
	if _, err := b.Try(coretest.East, "s3.PutObject", wire.Object{"Bucket": "code-east", "Key": "f.zip"}, []byte(body)); err != nil {
		b.Fatal(err)
	}
}

func fromS3() map[string]any { return map[string]any{"S3Bucket": "code-east", "S3Key": "f.zip"} }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestTheCodeDigestIsThatOfTheBytesInTheBucket(t *testing.T) {
	b := bench(t)
	f := b.Made(coretest.East, "F", lambda.Type, properties(fromS3()))
	name := wire.Object{"FunctionName": f.ID}
	before := b.Call(coretest.East, "lambda.GetFunctionConfiguration", name)
	if before.String("CodeSha256") != digest("one") || before["MemorySize"] != 512.0 || !strings.HasPrefix(f.ID, "app-F-") {
		t.Errorf("%v", before)
	}
	put(b, "two")
	if got := b.Call(coretest.East, "lambda.GetFunctionConfiguration", name).String("CodeSha256"); got != digest("one") {
		t.Error("the function follows the bucket without being told to")
	}
	b.Call(coretest.East, "lambda.UpdateFunctionCode", wire.Object{"FunctionName": f.ID, "S3Bucket": "code-east", "S3Key": "f.zip"})
	after := b.Call(coretest.East, "lambda.GetFunctionConfiguration", name)
	if after.String("CodeSha256") != digest("two") || after["RevisionId"] == before["RevisionId"] {
		t.Errorf("the same place was not read anew: %v", after)
	}
}

func TestCodeThatCannotBeReadFailsTheFunction(t *testing.T) {
	b := bench(t)
	for name, c := range map[string]struct {
		region string
		code   map[string]any
		want   string
	}{
		"no such key":              {coretest.East, map[string]any{"S3Bucket": "code-east", "S3Key": "none"}, "NoSuchKey"},
		"no such bucket":           {coretest.East, map[string]any{"S3Bucket": "none", "S3Key": "none"}, "NoSuchBucket"},
		"bucket of another Region": {coretest.West, fromS3(), "this region: us-east-1"},
		"no source":                {coretest.East, map[string]any{}, "source for function code"},
	} {
		_, err := b.Make(c.region, "F", lambda.Type, properties(c.code))
		if message := b.Code("InvalidParameterValueException", err); !strings.Contains(message, c.want) {
			t.Errorf("%s: %s", name, message)
		}
	}
}

func TestAFunctionIsCheckedAsCloudFormationWould(t *testing.T) {
	b := bench(t)
	for want, change := range map[string][2]any{
		"required key [Role]":            {"Role", nil},
		"not between 128 and 10240":      {"MemorySize", "64"},
		"expected type: Number":          {"Timeout", "soon"},
		"python2.7 is not a valid enum":  {"Runtime", "python2.7"},
		"MemorySize: 20000 is not betwe": {"MemorySize", 20000.0},
	} {
		p := properties(fromS3())
		p[change[0].(string)] = change[1]
		if change[1] == nil {
			delete(p, change[0].(string))
		}
		_, err := b.Make(coretest.East, "F", lambda.Type, p)
		if message := b.Code("ValidationException", err); !strings.Contains(message, want) {
			t.Errorf("want %q: %s", want, message)
		}
	}
}

func TestVersionsAreNumberedOnlyWhenSomethingChanged(t *testing.T) {
	b := bench(t)
	f := b.Made(coretest.East, "F", lambda.Type, properties(fromS3()))
	v1 := b.Made(coretest.East, "V", lambda.VersionType, map[string]any{"FunctionName": f.ID})
	if v1.Attributes["Version"] != "1" {
		t.Fatalf("%v", v1.Attributes)
	}
	_, err := b.Make(coretest.East, "V2", lambda.VersionType, map[string]any{"FunctionName": f.ID})
	b.Code("AlreadyExists", err)
	b.Call(coretest.East, "lambda.UpdateFunctionConfiguration", wire.Object{"FunctionName": f.ID, "MemorySize": 256.0})
	v2 := b.Made(coretest.East, "V2", lambda.VersionType, map[string]any{"FunctionName": f.ID})
	old := b.Call(coretest.East, "lambda.GetFunctionConfiguration", wire.Object{"FunctionName": f.ID, "Qualifier": "1"})
	if v2.Attributes["Version"] != "2" || old["MemorySize"] != 512.0 {
		t.Errorf("version %v, memory of the first %v", v2.Attributes["Version"], old["MemorySize"])
	}
	a := b.Made(coretest.East, "A", lambda.AliasType, map[string]any{"FunctionName": f.ID, "FunctionVersion": "2", "Name": "live"})
	b.Code("ResourceConflictException", b.World.Delete(v2.Scope, lambda.VersionType, v2.ID))
	byAlias := b.Call(coretest.East, "lambda.GetFunctionConfiguration", wire.Object{"FunctionName": a.ID})
	if byAlias["Version"] != "2" || byAlias["MemorySize"] != 256.0 {
		t.Errorf("%v", byAlias)
	}
	b.Refused("ResourceNotFoundException", coretest.East, "lambda.UpdateAlias", wire.Object{"FunctionName": f.ID, "Name": "live", "FunctionVersion": "9"})
	b.Refused("PreconditionFailedException", coretest.East, "lambda.UpdateAlias", wire.Object{"FunctionName": f.ID, "Name": "live", "RevisionId": "stale"})
}

func TestTheQueueMustWaitLongerThanTheFunction(t *testing.T) {
	b := bench(t)
	p := properties(fromS3())
	p["Timeout"] = 60.0
	f := b.Made(coretest.East, "F", lambda.Type, p)
	q := b.Made(coretest.East, "Q", sqs.Type, map[string]any{"VisibilityTimeout": "30"})
	mapping := map[string]any{"FunctionName": f.ID, "EventSourceArn": q.Attributes["Arn"], "Enabled": "false"}
	_, err := b.Make(coretest.East, "M", lambda.MappingType, mapping)
	b.Code("InvalidParameterValueException", err)
	b.Call(coretest.East, "sqs.SetQueueAttributes", wire.Object{"QueueUrl": q.ID, "Attributes": wire.Object{"VisibilityTimeout": "120"}})
	m := b.Made(coretest.East, "M", lambda.MappingType, mapping)
	got := b.Call(coretest.East, "lambda.GetEventSourceMapping", wire.Object{"UUID": m.ID})
	if got["State"] != "Disabled" || got["BatchSize"] != 10.0 {
		t.Errorf("%v", got)
	}
}

func TestProvisionedConcurrencyTakesItsTime(t *testing.T) {
	b := bench(t)
	f := b.Made(coretest.East, "F", lambda.Type, properties(fromS3()))
	b.Made(coretest.East, "V", lambda.VersionType, map[string]any{"FunctionName": f.ID})
	at := wire.Object{"FunctionName": f.ID, "Qualifier": "1", "ProvisionedConcurrentExecutions": 5.0}
	for range 2 { // who asks anew waits anew
		if _, err := b.Try(coretest.East, "lambda.PutProvisionedConcurrencyConfig", at, nil); err != nil {
			t.Fatal(err)
		}
		b.Clock.Advance(40 * time.Second)
		if got := b.Call(coretest.East, "lambda.GetProvisionedConcurrencyConfig", at); got["Status"] != "IN_PROGRESS" {
			t.Errorf("%v", got)
		}
	}
	b.Clock.Advance(2 * time.Minute)
	if got := b.Call(coretest.East, "lambda.GetProvisionedConcurrencyConfig", at); got["Status"] != "READY" || got["AvailableProvisionedConcurrentExecutions"] != 5 {
		t.Errorf("%v", got)
	}
	b.Refused("InvalidParameterValueException", coretest.East, "lambda.PutFunctionConcurrency", wire.Object{"FunctionName": f.ID, "ReservedConcurrentExecutions": 950.0})
}

func TestDeletingAFunctionTakesWhatBelongsToItAndNothingElse(t *testing.T) {
	b := bench(t)
	f := b.Made(coretest.East, "F", lambda.Type, properties(fromS3()))
	other := b.Made(coretest.East, "G", lambda.Type, properties(fromS3()))
	for _, r := range []string{f.ID, other.ID} {
		b.Made(coretest.East, "P"+r, lambda.PermissionType, map[string]any{"FunctionName": r, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"})
	}
	b.Call(coretest.East, "lambda.GetPolicy", wire.Object{"FunctionName": f.ID})
	if _, err := b.Try(coretest.East, "lambda.DeleteFunction", wire.Object{"FunctionName": f.ID}, nil); err != nil {
		t.Fatal(err)
	}
	b.Refused("ResourceNotFoundException", coretest.East, "lambda.GetPolicy", wire.Object{"FunctionName": f.ID})
	b.Call(coretest.East, "lambda.GetPolicy", wire.Object{"FunctionName": other.ID})
	if left := b.World.Store.List(coretest.Scope(coretest.East), lambda.PermissionType); len(left) != 1 {
		t.Errorf("%d permissions left", len(left))
	}
}
