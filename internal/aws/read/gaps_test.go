package read

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// everyType is one item of every type with a reader, and one for Cloud Control.
func everyType() []inventory.Item {
	items := []inventory.Item{sampleOf("AWS::AppSync::GraphQLApi")}
	for _, spec := range Specs() {
		items = append(items, sampleOf(spec.Type))
	}
	return items
}

func TestWhatCannotBeReadIsAGapOfEveryType(t *testing.T) {
	cases := map[string]struct {
		err    error
		reason string
	}{
		"denied":            {refusal("AccessDeniedException"), session.AccessDenied},
		"throttled":         {refusal("ThrottlingException"), session.Throttled},
		"expired":           {refusal("ExpiredTokenException"), session.Expired},
		"slow":              {errTimeout, session.Timeout},
		"unknown operation": {refusal("UnknownOperationException"), session.Unsupported},
		"own code":          {refusal("InvalidStateException"), "InvalidStateException"},
		"no code at all":    {errPlain, "Error"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			items := everyType()
			result := readAll(t, func(string, string, any) (any, error) { return nil, c.err }, request(items...))
			if len(result.Resources) != 0 {
				t.Fatalf("read %d resources out of errors", len(result.Resources))
			}
			for _, f := range result.Facts {
				if f.Kind != drift.FactUnread {
					t.Errorf("made the fact %+v out of an error", f)
				}
			}
			for _, item := range items {
				if _, named := result.fact(drift.FactUnread, item.Key); !named {
					t.Errorf("%s is not known by its name", item.Type)
				}
				whole := slices.DeleteFunc(slices.Clone(result.Gaps), func(g drift.Gap) bool {
					return g.Resource != item.Key || g.Property != "" || g.Fact != ""
				})
				if len(whole) != 1 {
					t.Errorf("%s has %d gaps, want 1: %+v", item.Type, len(whole), whole)
					continue
				}
				if g := whole[0]; g.Reason != c.reason || g.Region != here || g.Type != item.Type || g.Operation == "" {
					t.Errorf("%s: %+v, want reason %s", item.Type, g, c.reason)
				}
			}
		})
	}
}

func TestOperationsOfGapsAreActionsThatIAMKnows(t *testing.T) {
	items := everyType()
	result := readAll(t, func(string, string, any) (any, error) { return nil, refusal("AccessDenied") }, request(items...))
	types := []string{}
	for _, item := range items {
		types = append(types, item.Type)
	}
	granted := Actions(types)
	for _, g := range result.Gaps {
		if !slices.Contains(granted, g.Operation) {
			t.Errorf("the gap of %s asks for %s, which Actions does not list", g.Type, g.Operation)
		}
	}
}

// Cloud Control is left out: the identifier it is given may be what is wrong.
func TestWhatAServiceSaysDoesNotExistIsGoneAndNoGap(t *testing.T) {
	notFound := map[string]string{"S3": "NoSuchBucket", "IAM": "NoSuchEntity", "SQS": "AWS.SimpleQueueService.NonExistentQueue", "SNS": "NotFound",
		"KMS": "NotFoundException", "API Gateway": "NotFoundException"}
	for _, spec := range Specs() {
		if readFromLists(spec.Type) || answersWithALack[spec.Type] != nil || strings.HasPrefix(spec.Type, "AWS::EC2::") || strings.HasPrefix(spec.Type, "AWS::ECS::") && spec.Type != "AWS::ECS::TaskDefinition" ||
			strings.HasPrefix(spec.Type, "AWS::Logs::") || strings.Contains(spec.Type, "Alarm") || spec.Type == "AWS::SSM::Parameter" {
			continue // they answer with an empty list instead: see TestEmptyListsMeanGone
		}
		item := sampleOf(spec.Type)
		result := readAll(t, func(service, _ string, _ any) (any, error) {
			if code, ok := notFound[service]; ok {
				return nil, refusal(code)
			}
			return nil, refusal("ResourceNotFoundException")
		}, request(item))
		if _, gone := result.fact(drift.FactGone, item.Key); !gone || len(result.Resources) != 0 || len(result.gapsOf("", "")) != 0 {
			t.Errorf("%s: gone %v, resources %d, gaps %+v", spec.Type, gone, len(result.Resources), result.Gaps)
		}
	}
	item := sampleOf("AWS::AppSync::GraphQLApi")
	result := readAll(t, func(string, string, any) (any, error) { return nil, refusal("ResourceNotFoundException") }, request(item))
	if _, gone := result.fact(drift.FactGone, item.Key); gone || len(result.Gaps) != 1 {
		t.Errorf("through Cloud Control: gone %v, gaps %+v", gone, result.Gaps)
	}
}

func TestAStackThatDoesNotSayWhereAResourceIsLeavesAGap(t *testing.T) {
	for _, spec := range Specs() {
		item := sampleOf(spec.Type)
		item.ID, item.Resolved = "", nil
		calls := 0
		result := readAll(t, func(string, string, any) (any, error) { calls++; return nil, errPlain }, request(item))
		if len(result.Gaps) != 1 || result.Gaps[0].Reason != session.Unsupported || calls != 0 {
			t.Errorf("%s: %d calls, gaps %+v", spec.Type, calls, result.Gaps)
		}
	}
}

func TestCancellingIsAnErrorAndNoGap(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a := answers(func(string, string, any) (any, error) { cancel(); return nil, ctx.Err() })
	result, err := Resources(ctx, a.clients(), request(everyType()...))
	if !errors.Is(err, context.Canceled) || len(result.Gaps) != 0 {
		t.Errorf("error %v, %d gaps", err, len(result.Gaps))
	}
}

func TestResultsComeInOneOrder(t *testing.T) {
	items := everyType()
	once := func() string {
		result := readAll(t, func(string, string, any) (any, error) { return nil, refusal("AccessDenied") }, request(items...))
		data, err := json.Marshal(result)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first := once()
	for range 5 {
		slices.Reverse(items)
		if once() != first {
			t.Fatal("the order of the items decides the result")
		}
	}
}

func TestEveryTypeHasOneReaderAndSaysWhatItNeeds(t *testing.T) {
	seen := map[string]bool{}
	for _, spec := range Specs() {
		if seen[spec.Type] {
			t.Errorf("%s has two readers", spec.Type)
		}
		seen[spec.Type] = true
		if len(spec.Properties) == 0 || len(spec.Actions) == 0 {
			t.Errorf("%s does not say what it covers or needs", spec.Type)
		}
		if _, ok := metadata.Lookup(spec.Type); !ok {
			t.Errorf("the registry does not know %s", spec.Type)
		}
		for _, p := range spec.Properties {
			if strings.ContainsAny(p, ":/") {
				t.Errorf("%s covers %q, which is no name of a property", spec.Type, p)
			}
		}
		for _, action := range spec.Actions {
			_, name, ok := strings.Cut(action, ":")
			read := slices.ContainsFunc([]string{"Get", "List", "Describe", "Decrypt", "GET"}, func(verb string) bool {
				return strings.HasPrefix(name, verb)
			})
			if !ok || !read {
				t.Errorf("%s needs %s, which is no read", spec.Type, action)
			}
		}
	}
}

func TestActionsAreThoseOfTheTypesInUse(t *testing.T) {
	have := Actions([]string{"AWS::SQS::QueuePolicy", "AWS::SQS::Queue", "AWS::SNS::TopicPolicy"})
	want := []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "sns:GetTopicAttributes", "sqs:GetQueueAttributes", "sqs:ListQueueTags"}
	if !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
	have, want = Actions([]string{"AWS::SQS::QueuePolicy"}), []string{"sqs:GetQueueAttributes"}
	if !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
	have = Actions([]string{"AWS::AppSync::GraphQLApi"}) // it may name anything
	want = []string{"acm:DescribeCertificate", "cloudformation:GetResource", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
		"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases"}
	if !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
	if len(Actions(nil)) != 0 {
		t.Error("no types need no actions")
	}
}
