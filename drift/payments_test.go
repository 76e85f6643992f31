package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

// place is where a copy of the sample application lives, and what AWS made up
// for it there.
type testPlace struct {
	region, account, vpc string
	stack                string
	role                 topology.Role
	salt                 string // differs per Region, as generated ids do
}

var (
	east = testPlace{"us-east-1", "111111111111", "vpc-0aa11bb22cc33dd44", "payments", topology.Primary, "1A2B3C4D5E6F"}
	west = testPlace{"us-west-2", "222222222222", "vpc-0ff99ee88dd77cc66", "payments", topology.Standby, "Z9Y8X7W6V5U4"}
)

func (p testPlace) generated(logical string) string { return p.stack + "-" + logical + "-" + p.salt }

func (p testPlace) hex(prefix, logical string) string {
	sum := uint64(14695981039346656037)
	for _, c := range p.salt + logical {
		sum = (sum ^ uint64(c)) * 1099511628211
	}
	return prefix + fmt.Sprintf("%016x", sum)[:12]
}

// subnet is one of the network that several applications share.
func (p testPlace) subnet(zone string) string {
	return testPlace{salt: p.vpc}.hex("subnet-0", zone)
}

func (p testPlace) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + p.region + ":" + p.account + ":" + resource
}

func (p testPlace) roleARN(logical string) string {
	return "arn:aws:iam::" + p.account + ":role/" + p.generated(logical)
}

// payments is the sample application as read from one Region: two calls with
// two places are two Regions deployed from one source.
func payments(p testPlace) *Snapshot {
	s := samples(p)
	declare(s)
	return s
}

// samples are the live resources alone.
func samples(p testPlace) *Snapshot {
	s := &Snapshot{Schema: SnapshotSchema, App: "payments", Account: p.account, Run: "run-1",
		Region:  topology.Region{Name: p.region, Role: p.role},
		TakenAt: time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC),
		Release: &Release{ID: "r-0123456789ab", Outcome: "done"},
		Stacks: []Stack{{Key: "payments", Name: p.stack, Status: "UPDATE_COMPLETE",
			ID: p.arn("cloudformation", "stack/"+p.stack+"/"+p.hex("", "stack")+"-uuid")}},
	}
	s.Resources = append(s.Resources, p.compute()...)
	s.Resources = append(s.Resources, p.messaging()...)
	s.Resources = append(s.Resources, p.data()...)
	s.Resources = append(s.Resources, p.api()...)
	s.Resources = append(s.Resources, p.access()...)
	s.Resources = append(s.Resources, p.watch()...)
	s.Stacks[0].Parameters = map[string]string{"Limit": "100", "Stage": "prod"}
	version := map[string]string{"us-east-1": "7"}[p.region]
	if version == "" {
		version = "3"
	}
	s.Facts = []Fact{{Kind: FactLambdaAlias, Subject: "payments/Live",
		Value: map[string]any{"FunctionVersion": version, "CodeSha256": "c0de" + strings.Repeat("a", 40)}}}
	return s
}

// declare gives every resource a declared tree equal to what is live, with
// the Region's generated names as the template's references.
func declare(s *Snapshot) {
	resources := map[string]any{}
	var pairs []string
	for i := range s.Resources {
		r := &s.Resources[i]
		for name, text := range r.Identities {
			pairs = append(pairs, text, "${"+logicalOf(r.Key)+"."+name+"}")
		}
		pairs = append(pairs, r.ID, "${"+logicalOf(r.Key)+"}")
	}
	replace := longestFirst(pairs)
	for i := range s.Resources {
		r := &s.Resources[i]
		resources[logicalOf(r.Key)] = map[string]any{"Type": r.Type}
		r.Declared, _ = mapText(r.Properties, replace).(map[string]any)
		for name := range r.Declared { // a template does not set what AWS makes
			switch name {
			case "CodeSha256", "LastModified", "CreationDate", "Arn", "RevisionId":
				delete(r.Declared, name)
			case "FunctionVersion":
				r.Declared[name] = "${Version.Version}"
			}
		}
	}
	s.Stacks[0].Template = map[string]any{"Resources": resources}
}

// longestFirst replaces texts, a longer one before a shorter one inside it.
func longestFirst(pairs []string) func(string) string {
	var texts [][2]string
	for i := 0; i < len(pairs); i += 2 {
		if len(pairs[i]) > 5 {
			texts = append(texts, [2]string{pairs[i], pairs[i+1]})
		}
	}
	slices.SortFunc(texts, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(len(b[0]), len(a[0])), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	var sorted []string
	for _, text := range texts {
		sorted = append(sorted, text[0], text[1])
	}
	return strings.NewReplacer(sorted...).Replace
}

func (p testPlace) compute() []Resource {
	name := p.generated("Fn")
	arn := p.arn("lambda", "function:"+name)
	sg := p.hex("sg-0", "Group")
	return []Resource{
		{Key: "payments/Fn", Type: "AWS::Lambda::Function", ID: name, Via: "native",
			Identities: map[string]string{"Arn": arn},
			Tags:       map[string]string{"team": "payments", "region": p.region},
			Properties: map[string]any{
				"FunctionName": name, "Arn": arn, "Runtime": "python3.13", "Handler": "app.handler",
				"Role": p.roleARN("Role"), "MemorySize": 512.0, "Timeout": 30.0,
				"CodeSha256": "c0de" + strings.Repeat("a", 40), "LastModified": "2026-11-22T1" + p.salt[:1] + ":00:00Z", "RevisionId": p.hex("", "rev"),
				"Architectures": []any{"arm64"}, "ReservedConcurrentExecutions": 50.0,
				"Layers": []any{p.arn("lambda", "layer:base:4"), p.arn("lambda", "layer:trace:2")},
				"Environment": map[string]any{"Variables": map[string]any{
					"QUEUE_URL": "https://sqs." + p.region + ".amazonaws.com/" + p.account + "/" + p.generated("Queue"),
					"TABLE":     p.generated("Table"), "TOPIC": p.arn("sns", p.generated("Topic")),
					"SECRET_ARN": p.arn("secretsmanager", "secret:"+p.generated("Secret")+"-"+p.salt[:6]),
					"REGION":     p.region, "STAGE": "prod", "LOG_LEVEL": "info", "EMPTY": "",
					"REGIONS":        "us-east-1,us-west-2",
					"API_TOKEN_SALT": "pepper", "LastModified": "never",
				}},
				"VpcConfig": map[string]any{"SecurityGroupIds": []any{sg}, "SubnetIds": shuffled(p,
					p.subnet("a"), p.subnet("b"))},
			}},
		{Key: "payments/Live", Type: "AWS::Lambda::Alias", ID: arn + ":live", Identities: map[string]string{"AliasArn": arn + ":live"},
			Properties: map[string]any{"Name": "live", "FunctionName": name,
				"FunctionVersion": map[bool]string{true: "7", false: "3"}[p.region == "us-east-1"]}},
		{Key: "payments/Group", Type: "AWS::EC2::SecurityGroup", ID: sg, Identities: map[string]string{"GroupId": sg},
			Properties: map[string]any{"GroupDescription": "payments", "GroupName": p.generated("Group"), "VpcId": p.vpc,
				"SecurityGroupIngress": shuffled(p,
					map[string]any{"IpProtocol": "tcp", "FromPort": 443.0, "ToPort": 443.0, "CidrIp": "10.0.0.0/8"},
					map[string]any{"IpProtocol": "tcp", "FromPort": 5432.0, "ToPort": 5432.0, "SourceSecurityGroupId": sg}),
				"SecurityGroupEgress": []any{map[string]any{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}}}},
		{Key: "payments/Mapping", Type: "AWS::Lambda::EventSourceMapping", ID: p.hex("", "m") + "-mapping",
			Properties: map[string]any{"FunctionName": arn + ":live", "EventSourceArn": p.arn("sqs", p.generated("Queue")),
				"BatchSize": 10.0, "Enabled": p.region == "us-east-1"}},
		{Key: "payments/Invoke", Type: "AWS::Lambda::Permission", ID: p.generated("Invoke"),
			Properties: map[string]any{"FunctionName": arn, "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
				"SourceArn": "arn:aws:execute-api:" + p.region + ":" + p.account + ":" + p.hex("a", "api")[:10] + "/*/POST/payments"}},
	}
}

// shuffled returns a list in another order in each Region.
func shuffled(p testPlace, list ...any) []any {
	if p.region == "us-east-1" {
		return list
	}
	out := make([]any, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	return out
}

func (p testPlace) messaging() []Resource {
	queue := func(logical string, properties map[string]any) Resource {
		name := p.generated(logical)
		url := "https://sqs." + p.region + ".amazonaws.com/" + p.account + "/" + name
		properties["QueueName"] = name
		return Resource{Key: "payments/" + logical, Type: "AWS::SQS::Queue", ID: url,
			Identities: map[string]string{"Arn": p.arn("sqs", name), "QueueName": name, "QueueUrl": url}, Properties: properties}
	}
	topic := p.arn("sns", p.generated("Topic"))
	return []Resource{
		queue("Dead", map[string]any{"MessageRetentionPeriod": 1209600.0}),
		queue("Queue", map[string]any{"VisibilityTimeout": "60", "KmsMasterKeyId": p.arn("kms", "key/"+p.hex("", "key")),
			"RedrivePolicy": map[string]any{"deadLetterTargetArn": p.arn("sqs", p.generated("Dead")), "maxReceiveCount": 5.0}}),
		{Key: "payments/QueuePolicy", Type: "AWS::SQS::QueuePolicy", ID: p.generated("QueuePolicy"), Properties: map[string]any{
			"Queues": []any{"https://sqs." + p.region + ".amazonaws.com/" + p.account + "/" + p.generated("Queue")},
			"PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Sid": "FromTopic", "Effect": "Allow",
				"Principal": map[string]any{"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
				"Resource":  p.arn("sqs", p.generated("Queue")),
				"Condition": map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": topic}}}}}}},
		{Key: "payments/Topic", Type: "AWS::SNS::Topic", ID: topic,
			Identities: map[string]string{"TopicArn": topic, "TopicName": p.generated("Topic")},
			Properties: map[string]any{"TopicName": p.generated("Topic"), "DisplayName": "Payments",
				"Subscription": []any{map[string]any{"Protocol": "sqs", "Endpoint": p.arn("sqs", p.generated("Queue"))}}}},
		{Key: "payments/Nightly", Type: "AWS::Events::Rule", ID: p.generated("Nightly"),
			Identities: map[string]string{"Arn": p.arn("events", "rule/"+p.generated("Nightly"))},
			Properties: map[string]any{"Name": p.generated("Nightly"), "ScheduleExpression": "rate(1 day)",
				"State":   map[bool]string{true: "ENABLED", false: "DISABLED"}[p.region == "us-east-1"],
				"Targets": []any{map[string]any{"Id": "fn", "Arn": p.arn("lambda", "function:"+p.generated("Fn")) + ":live"}}}},
	}
}

func (p testPlace) data() []Resource {
	bucket := strings.ToLower(p.generated("Bucket"))
	table := p.generated("Table")
	secret := p.arn("secretsmanager", "secret:"+p.generated("Secret")+"-"+p.salt[:6])
	return []Resource{
		{Key: "payments/Table", Type: "AWS::DynamoDB::Table", ID: table,
			Identities: map[string]string{"Arn": p.arn("dynamodb", "table/"+table), "StreamArn": p.arn("dynamodb", "table/"+table+"/stream/2026-"+p.salt)},
			Properties: map[string]any{"TableName": table, "BillingMode": "PAY_PER_REQUEST",
				"AttributeDefinitions": shuffled(p, map[string]any{"AttributeName": "pk", "AttributeType": "S"},
					map[string]any{"AttributeName": "sk", "AttributeType": "S"}),
				"KeySchema": []any{map[string]any{"AttributeName": "pk", "KeyType": "HASH"},
					map[string]any{"AttributeName": "sk", "KeyType": "RANGE"}},
				"PointInTimeRecoverySpecification": map[string]any{"PointInTimeRecoveryEnabled": true}}},
		{Key: "payments/Bucket", Type: "AWS::S3::Bucket", ID: bucket,
			Identities: map[string]string{"Arn": "arn:aws:s3:::" + bucket, "RegionalDomainName": bucket + ".s3." + p.region + ".amazonaws.com"},
			Properties: map[string]any{"BucketName": bucket,
				"VersioningConfiguration":        map[string]any{"Status": "Enabled"},
				"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": true},
				"Tags":                           shuffled(p, map[string]any{"Key": "team", "Value": "payments"}, map[string]any{"Key": "aws:cloudformation:stack-id", "Value": p.salt}, map[string]any{"Key": "cost", "Value": "42"})}},
		{Key: "payments/Url", Type: "AWS::SSM::Parameter", ID: "/payments/url",
			Properties: map[string]any{"Name": "/payments/url", "Type": "String",
				"Value": "https://" + p.hex("a", "api")[:10] + ".execute-api." + p.region + ".amazonaws.com/prod"}},
		{Key: "payments/Limit", Type: "AWS::SSM::Parameter", ID: "/payments/limit",
			Properties: map[string]any{"Name": "/payments/limit", "Type": "String", "Value": "100"}},
		{Key: "payments/Secret", Type: "AWS::SecretsManager::Secret", ID: secret,
			Identities: map[string]string{"Id": secret, "Name": p.generated("Secret")},
			Properties: map[string]any{"Name": p.generated("Secret"), "KmsKeyId": "alias/payments",
				"SecretString": NewSealer("run-1", []byte("0123456789abcdef0123456789abcdef")).Seal(p.region, p.account, "postgres://app@db."+p.region+".example.com/"+p.account)}},
	}
}

func (p testPlace) api() []Resource {
	api := p.hex("a", "api")[:10]
	resource := p.hex("", "resource")[:6]
	deployment := p.hex("", "deployment")[:6]
	return []Resource{
		{Key: "payments/Api", Type: "AWS::ApiGateway::RestApi", ID: api, Identities: map[string]string{"RestApiId": api, "RootResourceId": p.hex("", "root")[:10]},
			Properties: map[string]any{"Name": "payments", "EndpointConfiguration": map[string]any{"Types": []any{"REGIONAL"}}}},
		{Key: "payments/Path", Type: "AWS::ApiGateway::Resource", ID: resource,
			Properties: map[string]any{"RestApiId": api, "ParentId": p.hex("", "root")[:10], "PathPart": "payments"}},
		{Key: "payments/Post", Type: "AWS::ApiGateway::Method", ID: p.generated("Post"),
			Properties: map[string]any{"RestApiId": api, "ResourceId": resource, "HttpMethod": "POST", "AuthorizationType": "AWS_IAM",
				"Integration": map[string]any{"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST",
					"Uri": "arn:aws:apigateway:" + p.region + ":lambda:path/2015-03-31/functions/" + p.arn("lambda", "function:"+p.generated("Fn")) + "/invocations"}}},
		{Key: "payments/Deployment", Type: "AWS::ApiGateway::Deployment", ID: deployment, Identities: map[string]string{"DeploymentId": deployment},
			Properties: map[string]any{"RestApiId": api, "CreatedDate": p.salt}},
		{Key: "payments/Stage", Type: "AWS::ApiGateway::Stage", ID: "prod",
			Properties: map[string]any{"RestApiId": api, "StageName": "prod", "DeploymentId": deployment,
				"Variables":      map[string]any{"alias": "live"},
				"MethodSettings": []any{map[string]any{"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingRateLimit": 100.0}}}},
	}
}

func (p testPlace) access() []Resource {
	key := p.hex("", "key")
	return []Resource{
		{Key: "payments/Role", Type: "AWS::IAM::Role", ID: p.generated("Role"), Identities: map[string]string{"Arn": p.roleARN("Role")},
			Properties: map[string]any{"RoleName": p.generated("Role"),
				"AssumeRolePolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow",
					"Principal": map[string]any{"Service": []any{"lambda.amazonaws.com"}}, "Action": []any{"sts:AssumeRole"}}}},
				"ManagedPolicyArns": shuffled(p, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"),
				"Policies": []any{map[string]any{"PolicyName": "app", "PolicyDocument": map[string]any{"Version": "2012-10-17",
					"Statement": shuffled(p,
						map[string]any{"Sid": "Send", "Effect": "Allow", "Action": shuffled(p, "sqs:SendMessage", "sqs:ReceiveMessage"), "Resource": p.arn("sqs", p.generated("Queue"))},
						map[string]any{"Effect": "Allow", "Action": "dynamodb:*", "Resource": shuffled(p, p.arn("dynamodb", "table/"+p.generated("Table")), p.arn("dynamodb", "table/"+p.generated("Table")+"/index/*"))},
						map[string]any{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::" + strings.ToLower(p.generated("Bucket")) + "/*"})}}}}},
		{Key: "payments/Key", Type: "AWS::KMS::Key", ID: key, Identities: map[string]string{"Arn": p.arn("kms", "key/"+key), "KeyId": key},
			Properties: map[string]any{"EnableKeyRotation": true, "Enabled": true,
				"KeyPolicy": `{"Version":"2012-10-17","Statement":[{"Sid":"Root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + p.account + `:root"},"Action":"kms:*","Resource":"*"}]}`}},
		{Key: "payments/KeyAlias", Type: "AWS::KMS::Alias", ID: "alias/payments",
			Properties: map[string]any{"AliasName": "alias/payments", "TargetKeyId": key}},
	}
}

func (p testPlace) watch() []Resource {
	group := "/aws/lambda/" + p.generated("Fn")
	return []Resource{
		{Key: "payments/Logs", Type: "AWS::Logs::LogGroup", ID: group, Identities: map[string]string{"Arn": p.arn("logs", "log-group:"+group+":*")},
			Properties: map[string]any{"LogGroupName": group, "RetentionInDays": 30.0, "CreationTime": p.salt}},
		{Key: "payments/DeadAlarm", Type: "AWS::CloudWatch::Alarm", ID: p.generated("DeadAlarm"),
			Identities: map[string]string{"Arn": p.arn("cloudwatch", "alarm:"+p.generated("DeadAlarm"))},
			Properties: map[string]any{"AlarmName": p.generated("DeadAlarm"), "Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible",
				"Dimensions":   []any{map[string]any{"Name": "QueueName", "Value": p.generated("Dead")}},
				"AlarmActions": []any{p.arn("sns", p.generated("Topic"))}, "Threshold": 1.0, "EvaluationPeriods": 1.0,
				"ActionsEnabled": p.region == "us-east-1"}},
	}
}
