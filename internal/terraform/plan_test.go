package terraform

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// plan is the output of `terraform show -json` with these rows, as the AWS
// provider's resources look in it.
func plan(t *testing.T, rows ...string) *Plan {
	t.Helper()
	p, err := ParsePlan([]byte(`{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[` + strings.Join(rows, ",") + `],
		"configuration":{"provider_config":{
			"aws":{"name":"aws","expressions":{"region":{"references":["var.region"]}}},
			"aws.far":{"name":"aws","alias":"far","expressions":{"region":{"references":["var.far"]}}},
			"aws.west":{"name":"aws","alias":"west","expressions":{"region":{"constant_value":"us-west-2"}}}},
		"root_module":{"resources":[
			{"mode":"managed","type":"aws_sqs_queue","name":"q","provider_config_key":"aws","expressions":{"name":{"constant_value":"q"},"kms_master_key_id":{"references":["aws_kms_key.k.id"]}}},
			{"mode":"managed","type":"aws_sqs_queue","name":"west","provider_config_key":"aws.west","expressions":{}},
			{"mode":"managed","type":"aws_sqs_queue","name":"other","provider_config_key":"aws.far","expressions":{}},
			{"mode":"managed","type":"aws_lambda_function","name":"f","provider_config_key":"aws","expressions":{"function_name":{},"filename":{}}}],
		"module_calls":{"m":{"module":{"resources":[{"mode":"managed","type":"aws_sqs_queue","name":"q","provider_config_key":"aws","expressions":{"name":{}}}]}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// row is one entry of resource_changes.
func row(typ, name, actions, before, after string, more ...string) string {
	extra := map[string]any{"after_unknown": map[string]any{}, "before_sensitive": false, "after_sensitive": false}
	top := map[string]any{"address": typ + "." + name, "mode": "managed", "type": typ, "name": name, "provider_name": "registry.terraform.io/hashicorp/aws"}
	for _, m := range more {
		at, text, _ := strings.Cut(m, "=")
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			panic(err)
		}
		if _, inside := extra[at]; inside || at == "importing" {
			extra[at] = value
		} else {
			top[at] = value
		}
	}
	extra["actions"], extra["before"], extra["after"] = json.RawMessage(actions), json.RawMessage(before), json.RawMessage(after)
	top["change"] = extra
	text, err := json.Marshal(top)
	if err != nil {
		panic(err)
	}
	return string(text)
}

const sqsQueue, queues = "aws_sqs_queue", `"id":"https://sqs/q","url":"https://sqs/q","arn":"arn:aws:sqs:us-east-1:1:q","name":"q"`

func TestActionsOfAPlan(t *testing.T) {
	some := `{` + queues + `}`
	for _, test := range []struct{ about, row, want string }{
		{"nothing", row(sqsQueue, "q", `["no-op"]`, some, some), "keep"},
		{"one that comes", row(sqsQueue, "q", `["create"]`, `null`, some), "create"},
		{"a change in place", row(sqsQueue, "q", `["update"]`, some, some), "update"},
		{"the old one goes first", row(sqsQueue, "q", `["delete","create"]`, some, some), "replace"},
		{"the new one comes first", row(sqsQueue, "q", `["create","delete"]`, some, some), "replace"},
		{"one that goes", row(sqsQueue, "q", `["delete"]`, some, `null`), "delete"},
		{"one that Terraform lets go of", row(sqsQueue, "q", `["forget"]`, some, `null`), "forget"},
		{"one that is left alone for a new one", row(sqsQueue, "q", `["create","forget"]`, some, some), "forget"},
		{"one that is imported", row(sqsQueue, "q", `["no-op"]`, some, some, `importing={"id":"q"}`), "adopt"},
		{"a new address", row(sqsQueue, "q", `["no-op"]`, some, some, `previous_address="aws_sqs_queue.old"`), "keep from aws_sqs_queue.old"},
		{"a data source", row(sqsQueue, "q", `["read"]`, `null`, some, `mode="data"`), ""},
		{"what waits to be destroyed", row(sqsQueue, "q", `["delete"]`, some, `null`, `deposed="a1"`), ""},
		{"another provider", row("random_id", "q", `["create"]`, `null`, some, `provider_name="registry.terraform.io/hashicorp/random"`), ""},
	} {
		t.Run(test.about, func(t *testing.T) {
			got := ""
			for _, c := range plan(t, test.row).Changes {
				if got = string(c.Action); c.Previous != "" {
					got += " from " + c.Previous
				}
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestWhatIsNoPlanIsRefusedWithoutItsText(t *testing.T) {
	for _, text := range []string{
		``, `hush`, `[]`, `{"values":"hush"}`, `{"format_version":"9.0"}`, `{"format_version":"1.2","resource_changes":"hush"}`, `{"format_version":"1.2","errored":"hush"}`,
		`{"format_version":"1.2","resource_changes":[` + row(sqsQueue, "q", `["dance"]`, `{}`, `{}`) + `]}`,
		`{"format_version":"1.2","resource_changes":[` + row(sqsQueue, "q", `["update"]`, `{}`, `null`) + `]}`,
		`{"format_version":"1.2","resource_changes":[` + row(sqsQueue, "q", `["update"]`, `{}`, `{}`, `after_unknown="hush"`) + `]}`,
	} {
		if _, err := ParsePlan([]byte(text)); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAPlanSaysWhetherItIsWholeAndOfWhen(t *testing.T) {
	made := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		about, members  string
		partial, unsaid bool
		made            time.Time
	}{
		{"a whole one", `"complete":true,"errored":false,"timestamp":"2026-03-01T12:00:00Z"`, false, false, made},
		{"one that leaves changes to another", `"complete":false`, true, false, time.Time{}},
		{"one that defers changes", `"deferred_changes":[{"reason":"x"}]`, true, true, time.Time{}},
		{"one whose making failed", `"complete":true,"errored":true`, true, false, time.Time{}},
		{"one that does not say", `"timestamp":"yesterday"`, false, true, time.Time{}},
	} {
		p, err := ParsePlan([]byte(`{"format_version":"1.2",` + test.members + `}`))
		if err != nil || (p.Partial != "") != test.partial || p.Unsaid != test.unsaid || !p.MadeAt.Equal(test.made) {
			t.Errorf("%s: %+v %v", test.about, p, err)
		}
	}
}

func TestEditsOfAChange(t *testing.T) {
	const f, hash, other = "aws_lambda_function", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
	for _, test := range []struct{ about, row, want string }{
		{"a number", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"visibility_timeout_seconds":30}`, `{`+queues+`,"visibility_timeout_seconds":60}`), "VisibilityTimeout: 30 -> 60"},
		{"a text that becomes set", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"kms_master_key_id":""}`, `{`+queues+`,"kms_master_key_id":"alias/a"}`), "KmsMasterKeyId: <nil> -> alias/a"},
		{"a document", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"redrive_policy":""}`, `{`+queues+`,"redrive_policy":"{\"maxReceiveCount\":3}"}`), "RedrivePolicy: <nil> -> map[maxReceiveCount:3]"},
		{"a document that is none", row(sqsQueue, "q", `["update"]`, `{`+queues+`}`, `{`+queues+`,"redrive_policy":"{"}`), "RedrivePolicy ? redrive_policy is no JSON"},
		{"a key that comes with the apply", row(sqsQueue, "q", `["update"]`, `{`+queues+`}`, `{`+queues+`}`, `after_unknown={"kms_master_key_id":true}`), "KmsMasterKeyId ? kms_master_key_id: its value is known after the apply only"},
		{"a secret", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"delay_seconds":1}`, `{`+queues+`,"delay_seconds":2}`, `after_sensitive={"delay_seconds":true}`), "DelaySeconds ? delay_seconds: the plan marks it sensitive, and Lockstep takes no sensitive values"},
		{"a secret that stays", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"delay_seconds":1}`, `{`+queues+`,"delay_seconds":1}`, `after_sensitive={"delay_seconds":true}`), ""},
		{"everything secret", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"delay_seconds":1}`, `{`+queues+`,"delay_seconds":2}`, `after_sensitive=true`), "DelaySeconds ? delay_seconds: the plan marks it sensitive, and Lockstep takes no sensitive values"},
		{"an argument without a row", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"policy":""}`, `{`+queues+`,"policy":"{}"}`), " ? Lockstep does not know which property is set by policy"},
		{"what AWS computes", row(sqsQueue, "q", `["create"]`, `null`, `{"name":"q","delay_seconds":0,"policy":null}`, `after_unknown={"arn":true,"id":true,"url":true,"policy":true,"deduplication_scope":true}`), "DelaySeconds: <nil> -> 0, QueueName: <nil> -> q"},
		{"tags with the provider's", row(sqsQueue, "q", `["update"]`, `{`+queues+`,"tags":{"a":"1"},"tags_all":{"a":"1","o":"x"}}`, `{`+queues+`,"tags":{"a":"2"},"tags_all":{"a":"2","o":"x"}}`), "Tags: [map[Key:a Value:1] map[Key:o Value:x]] -> [map[Key:a Value:2] map[Key:o Value:x]]"},
		{"a block", row(f, "f", `["update"]`, `{"environment":[{"variables":{"A":"1"}}]}`, `{"environment":[{"variables":{"A":"2"}}]}`), "Environment.Variables: map[A:1] -> map[A:2]"},
		{"a block that goes", row(f, "f", `["update"]`, `{"environment":[{"variables":{"A":"1"}}]}`, `{"environment":[]}`), "Environment.Variables: map[A:1] -> <nil>"},
		{"a value in a block", row(f, "f", `["update"]`, `{"vpc_config":[{"subnet_ids":["a"],"vpc_id":"v"}]}`, `{"vpc_config":[{"subnet_ids":["a"],"vpc_id":"v"}]}`, `after_unknown={"vpc_config":[{"subnet_ids":[true]}]}`), "VpcConfig.SubnetIds ? vpc_config.subnet_ids: its value is known after the apply only"},
		{"a member of a block without a row", row(f, "f", `["update"]`, `{"vpc_config":[{"ipv6_allowed_for_dual_stack":false}]}`, `{"vpc_config":[{"ipv6_allowed_for_dual_stack":true}]}`), " ? Lockstep does not know which property is set by vpc_config.ipv6_allowed_for_dual_stack"},
		{"code by its digest", row(f, "f", `["update"]`, `{"source_code_hash":"`+hash+`","filename":"a.zip"}`, `{"source_code_hash":"`+other+`","filename":"b.zip"}`), "CodeSha256: " + hash + " -> " + other},
		{"code without one", row(f, "f", `["update"]`, `{"filename":"a.zip"}`, `{"filename":"b.zip"}`), "CodeSha256 ? what filename brings is not known by its digest"},
		{"code with the digest of what was", row(f, "f", `["update"]`, `{"source_code_hash":"`+hash+`","s3_key":"a"}`, `{"source_code_hash":"`+hash+`","s3_key":"b"}`), "CodeSha256 ? what s3_key brings is not known by its digest"},
		{"a digest of something else", row(f, "f", `["create"]`, `null`, `{"source_code_hash":"v1"}`), "CodeSha256 ? source_code_hash is no SHA-256 digest in base64"},
		{"no limit", row(f, "f", `["update"]`, `{"reserved_concurrent_executions":-1}`, `{"reserved_concurrent_executions":5}`), "ReservedConcurrentExecutions: <nil> -> 5"},
		{"keys of a table", row("aws_dynamodb_table", "t", `["create"]`, `null`, `{"name":"t","hash_key":"a","range_key":"b","read_capacity":0,"attribute":[{"name":"a","type":"S"}]}`), "AttributeDefinitions: <nil> -> [map[AttributeName:a AttributeType:S]], KeySchema: <nil> -> [map[AttributeName:a KeyType:HASH] map[AttributeName:b KeyType:RANGE]], ProvisionedThroughput.ReadCapacityUnits: <nil> -> <nil>, TableName: <nil> -> t"},
		{"a database that waits for its window", row("aws_db_instance", "d", `["update"]`, `{"multi_az":false,"apply_immediately":false}`, `{"multi_az":true,"apply_immediately":false}`), "MultiAZ ? AWS may wait for the maintenance window with it: apply_immediately is not true"},
		{"a database that does not", row("aws_db_instance", "d", `["update"]`, `{"multi_az":false}`, `{"multi_az":true,"apply_immediately":true}`), "MultiAZ: false -> true"},
		{"a type without a table", row("aws_instance", "i", `["update"]`, `{"id":"i-1"}`, `{"id":"i-1"}`), " ? Lockstep has no table of the arguments of aws_instance"},
	} {
		t.Run(test.about, func(t *testing.T) {
			var got []string
			for _, e := range plan(t, test.row).Changes[0].Edits() {
				if e.Why != "" {
					got = append(got, e.Property+" ? "+e.Why)
					continue
				}
				got = append(got, fmt.Sprintf("%s: %v -> %v", e.Property, e.Before, e.After))
			}
			if all := strings.Join(got, ", "); all != test.want {
				t.Errorf("%s\nwant %s", all, test.want)
			}
		})
	}
}

// What would be created has the key of its sibling, whether that exists or not, and
// is where its provider is.
func TestWhereAndUnderWhichKeyAPlanPutsThings(t *testing.T) {
	create := func(name string) string {
		return row(sqsQueue, name, `["create"]`, `null`, `{"name":"`+name+`"}`, `after_unknown={"id":true,"url":true,"arn":true}`)
	}
	keep := row(sqsQueue, "q", `["no-op"]`, `{`+queues+`}`, `{`+queues+`}`)
	found := InPlans([]RegionPlan{{"us-east-1", plan(t, keep, create("west"), create("other"))}, {"us-west-2", plan(t, create("q"))}}, twoRegions)
	var got []string
	for _, p := range found {
		for _, o := range p.After {
			got = append(got, fmt.Sprintf("%s %s in %q", p.Action, o.Key, o.Region))
		}
	}
	slices.Sort(got)
	want := `create aws_sqs_queue in "us-west-2", create aws_sqs_queue.other in "", create aws_sqs_queue.q in "us-west-2", keep aws_sqs_queue.q in "us-east-1"`
	if all := strings.Join(got, ", "); all != want {
		t.Errorf("%s\nwant %s", all, want)
	}
	for _, p := range found {
		if p.Action == Create && !IsSymbol(p.After[0].ID) {
			t.Errorf("%s has the id %s before it exists", p.Address, p.After[0].ID)
		}
		if declared, ok := p.Declares(); !ok || strings.Contains(fmt.Sprint(declared), "${") {
			t.Errorf("%s: %v", p.Address, declared)
		}
	}
}

// Whatever a plan holds: no panic, and no change without an object or a reason.
func FuzzParsePlan(f *testing.F) {
	f.Add([]byte(`{"format_version":"1.2","resource_changes":[` + row(sqsQueue, "q", `["create"]`, `null`, `{"name":"q","policy":"{}"}`, `after_unknown={"id":true,"policy":true}`, `module_address="module.m[\"a\"]"`) + `]}`))
	f.Add([]byte(`{"format_version":"1.2","resource_changes":[` + row("aws_lambda_function", "f", `["update"]`, `{"vpc_config":[{},null],"environment":7}`, `{"vpc_config":{},"layers":[[]]}`, `after_unknown={"vpc_config":[[true]]}`, `after_sensitive=[true]`) + `]}`))
	f.Add([]byte(`{"format_version":"1.2","configuration":{"provider_config":{"aws":null},"root_module":{"resources":[null],"module_calls":{"m":null}}},"resource_changes":[` + row("aws_dynamodb_table", "t", `["delete","create"]`, `{"attribute":[1]}`, `{"attribute":[{"x":1}],"hash_key":[1]}`) + `]}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		p, err := ParsePlan(data)
		if err != nil {
			return
		}
		for _, planned := range InPlans([]RegionPlan{{"us-east-1", p}, {"us-west-2", p}}, twoRegions) {
			planned.Edits()
			planned.Declares()
		}
	})
}
