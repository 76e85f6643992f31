package main

import (
	"fmt"
	"strings"
)

// hidingPlace is a place where people put secrets and which a reader touches.
// Every one gets a value of its own in every Region, so that the Regions differ
// in it and a report would like to say how.
type hidingPlace struct {
	// name says where, in words.
	name string
	// resources are entries of a template's Resources, with CANARY for the value;
	// parameters and outputs likewise. Names are unique in the table.
	resources, parameters, outputs string
}

// hidingPlaces is the table. Whoever adds a reader of something that may hold a
// secret adds where. A value counts as secret by its type (SecureString), by the
// declaration (NoEcho), by its name (PASSWORD), or by its form (a URL with a
// password, a private key): for what looks like any other text nothing is promised.
func hidingPlaces() []hidingPlace {
	return []hidingPlace{
		{name: "variable of a function, by name", resources: function("ByName", "DB_PASSWORD: CANARY")},
		{name: "variable of a function, by form", resources: function("ByForm", `DATABASE: "postgres://app:CANARY@db:5432/app"`)},
		{name: "variable of a function, from a hidden parameter", parameters: `Pin: {Type: String, NoEcho: true, Default: CANARY}`,
			resources: function("Hidden", "CODE: !Ref Pin")},
		{name: "parameter of a stack, by name", parameters: `ApiToken: {Type: String, Default: CANARY}`, resources: function("ByParameter", "AUTH: !Ref ApiToken")},
		{name: "output of a stack", outputs: `AdminPassword: {Value: CANARY}`},
		{name: "description of a role", resources: `DescribedRole: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}, Description: "log in with password=CANARY"}}`},
		{name: "tag, by name", resources: `Tagged: {Type: "AWS::SQS::Queue", Properties: {Tags: [{Key: db-password, Value: CANARY}]}}`},
		{name: "tag, by form", resources: `TaggedByForm: {Type: "AWS::SNS::Topic", Properties: {Tags: [{Key: where, Value: "https://user:CANARY@host/"}]}}`},
		{name: "policy of a queue", resources: `Policed: {Type: "AWS::SQS::Queue"}
Policy: {Type: "AWS::SQS::QueuePolicy", Properties: {Queues: [!Ref Policed], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: !GetAtt Policed.Arn, Condition: {StringEquals: {"aws:Referer": "https://user:CANARY@host/"}}}]}}}`},
		{name: "description of an alarm", resources: `Described: {Type: "AWS::CloudWatch::Alarm", Properties: {AlarmDescription: "on call: curl https://user:CANARY@pager/", Namespace: AWS/SQS, MetricName: X, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold}}`},
		{name: "parameter of the parameter store, by name", resources: `Stored: {Type: "AWS::SSM::Parameter", Properties: {Name: /canary/db-password, Type: String, Value: CANARY}}`},
		{name: "parameter of the parameter store, by form", resources: `StoredUrl: {Type: "AWS::SSM::Parameter", Properties: {Name: /canary/database, Type: String, Value: "mysql://app:CANARY@db/app"}}`},
		{name: "value of a secret", resources: `Kept: {Type: "AWS::SecretsManager::Secret", Properties: {Name: canary/kept, SecretString: CANARY}}`},
		{name: "container: variable, command and label", resources: `Task: {Type: "AWS::ECS::TaskDefinition", Properties: {Family: canary, Cpu: "256", Memory: "512", NetworkMode: awsvpc, RequiresCompatibilities: [FARGATE], ContainerDefinitions: [{Name: web, Image: nginx, Command: [run, "--dsn=postgres://app:CANARY@db/app"], DockerLabels: {api-token: CANARY}, Environment: [{Name: CLIENT_SECRET, Value: CANARY}]}]}}`},
		{name: "input of a rule's target", resources: `Rule: {Type: "AWS::Events::Rule", Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: t, Arn: !GetAtt RuleQueue.Arn, Input: '{"password":"CANARY"}'}]}}
RuleQueue: {Type: "AWS::SQS::Queue"}`},
		{name: "authorisation of a connection", resources: `Connection: {Type: "AWS::Events::Connection", Properties: {AuthorizationType: API_KEY, AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: X-Key, ApiKeyValue: CANARY}, InvocationHttpParameters: {HeaderParameters: [{Key: X-Tenant, Value: CANARY, IsValueSecret: true}]}}}}`},
		{name: "definition of a state machine", resources: `MachineRole: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
Machine: {Type: "AWS::StepFunctions::StateMachine", Properties: {RoleArn: !GetAtt MachineRole.Arn, DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"api_key":"CANARY"},"End":true}}}'}}`},
		{name: "input of a schedule", resources: `ScheduleRole: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
ScheduleQueue: {Type: "AWS::SQS::Queue"}
Schedule: {Type: "AWS::Scheduler::Schedule", Properties: {ScheduleExpression: rate(1 hour), FlexibleTimeWindow: {Mode: "OFF"}, Target: {Arn: !GetAtt ScheduleQueue.Arn, RoleArn: !GetAtt ScheduleRole.Arn, Input: '{"token":"CANARY"}'}}}`},
		{name: "password of a database", resources: `Database: {Type: "AWS::RDS::DBInstance", Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, AllocatedStorage: "20", MasterUsername: app, MasterUserPassword: CANARY-long}}`},
		{name: "token of a cache", resources: `Cache: {Type: "AWS::ElastiCache::ReplicationGroup", Properties: {ReplicationGroupDescription: canary, Engine: redis, CacheNodeType: cache.t4g.micro, NumCacheClusters: 1, TransitEncryptionEnabled: true, AuthToken: CANARY-long-enough}}`},
		{name: "user data of a launch template", resources: `Template: {Type: "AWS::EC2::LaunchTemplate", Properties: {LaunchTemplateData: {InstanceType: t3.micro, UserData: {"Fn::Base64": "export DB_PASSWORD=CANARY"}}}}`},
		{name: "user data of an instance", resources: `Server: {Type: "AWS::EC2::Instance", Properties: {InstanceType: t3.micro, UserData: {"Fn::Base64": "export DB_PASSWORD=CANARY"}}}`},
		{name: "user data of a group's template", resources: `GroupTemplate: {Type: "AWS::EC2::LaunchTemplate", Properties: {LaunchTemplateData: {InstanceType: t3.micro, UserData: {"Fn::Base64": "export DB_PASSWORD=CANARY"}}}}
Group: {Type: "AWS::AutoScaling::AutoScalingGroup", Properties: {MinSize: "0", MaxSize: "1", AvailabilityZones: !GetAZs "", LaunchTemplate: {LaunchTemplateId: !Ref GroupTemplate, Version: !GetAtt GroupTemplate.LatestVersionNumber}}}`},
		{name: "password of a cache's user", resources: `CacheUser: {Type: "AWS::ElastiCache::User", Properties: {UserId: canary, UserName: canary, Engine: redis, AccessString: "on ~* +@all", Passwords: [CANARY-of-twenty-characters]}}`},
		{name: "password of a user", resources: `Person: {Type: "AWS::IAM::User", Properties: {LoginProfile: {Password: CANARY-long}}}`},
		{name: "token of a skill that calls a function", resources: function("Skill", "A: b") + `
Calls: {Type: "AWS::Lambda::Permission", Properties: {FunctionName: !Ref Skill, Action: "lambda:InvokeFunction", Principal: alexa-appkit.amazon.com, EventSourceToken: CANARY}}`},
		{name: "password of a search domain", resources: `Search: {Type: "AWS::OpenSearchService::Domain", Properties: {DomainName: canary, EngineVersion: OpenSearch_2.11, NodeToNodeEncryptionOptions: {Enabled: true}, EncryptionAtRestOptions: {Enabled: true}, DomainEndpointOptions: {EnforceHTTPS: true}, AdvancedSecurityOptions: {Enabled: true, InternalUserDatabaseEnabled: true, MasterUserOptions: {MasterUserName: admin, MasterUserPassword: CANARY-long}}}}`},
		{name: "password of a database cluster", resources: `Databases: {Type: "AWS::RDS::DBCluster", Properties: {Engine: aurora-postgresql, MasterUsername: app, MasterUserPassword: CANARY-long}}`},
		{name: "credentials of a subscription", resources: `Subscribed: {Type: "AWS::SNS::Topic"}
Subscription: {Type: "AWS::SNS::Subscription", Properties: {TopicArn: !Ref Subscribed, Protocol: https, Endpoint: "https://user:CANARY@host.example.com/"}}`},
		{name: "stage variable of an API", resources: `Api: {Type: "AWS::ApiGateway::RestApi", Properties: {Name: canary}}
Ping: {Type: "AWS::ApiGateway::Method", Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: NONE, Integration: {Type: MOCK}}}
Deployed: {Type: "AWS::ApiGateway::Deployment", DependsOn: Ping, Properties: {RestApiId: !Ref Api}}
Stage: {Type: "AWS::ApiGateway::Stage", Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployed, StageName: prod, Variables: {apiKey: CANARY}}}`},
		{name: "value of an API's key", resources: `Partner: {Type: "AWS::ApiGateway::ApiKey", Properties: {Name: partner, Enabled: true, Value: CANARY-of-twenty-characters}}`},
		{name: "stage variable of an HTTP API", resources: `HttpApi: {Type: "AWS::ApiGatewayV2::Api", Properties: {Name: canary, ProtocolType: HTTP}}
HttpStage: {Type: "AWS::ApiGatewayV2::Stage", Properties: {ApiId: !Ref HttpApi, StageName: live, AutoDeploy: true, StageVariables: {API_TOKEN: CANARY}}}`},
		{name: "properties of brokers", resources: `Brokers: {Type: "AWS::MSK::Configuration", Properties: {Name: canary, ServerProperties: "ssl.key.password=CANARY"}}`},
		{name: "settings of an add-on of a cluster", resources: `Kubernetes: {Type: "AWS::EKS::Cluster", Properties: {Name: canary, RoleArn: !Sub "arn:aws:iam::${AWS::AccountId}:role/eks", ResourcesVpcConfig: {SubnetIds: [subnet-0aaaaaaaaaaaaaaaa]}}}
Addon: {Type: "AWS::EKS::Addon", Properties: {ClusterName: !Ref Kubernetes, AddonName: vpc-cni, ConfigurationValues: '{"token":"CANARY"}'}}`},
	}
}

// function is a function with one line of environment.
func function(name, variable string) string {
	return fmt.Sprintf(`%[1]sRole: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
%[1]s: {Type: "AWS::Lambda::Function", Properties: {Runtime: python3.13, Handler: i.h, Role: !GetAtt %[1]sRole.Arn, Code: {ZipFile: "def h(e, c): pass"}, Environment: {Variables: {%[2]s}}}}`, name, variable)
}

// canaryIn is what is planted in a place of a Region; n is the place's number.
func canaryIn(n int, region string) string {
	return fmt.Sprintf("c4n4ry%02d%s", n, strings.ToUpper(strings.ReplaceAll(region, "-", "")))
}

// byHand are places that no template of the table makes.
const (
	bySecureString = 90 + iota
	byStackTag
	byState
	byError
	bySecretChange
	bySealKey
)

// canaryTemplate is the stack with every place of the table in it.
func canaryTemplate(region string) string {
	sections := map[string][]string{}
	for n, p := range hidingPlaces() {
		for section, text := range map[string]string{"Resources": p.resources, "Parameters": p.parameters, "Outputs": p.outputs} {
			for _, line := range strings.Split(text, "\n") {
				if line != "" {
					sections[section] = append(sections[section], "  "+strings.ReplaceAll(line, "CANARY", canaryIn(n, region)))
				}
			}
		}
	}
	sections["Resources"] = append(sections["Resources"], `  Secure: {Type: "AWS::SSM::Parameter", Properties: {Name: /canary/secure, Type: String, Value: later}}`)
	var out strings.Builder
	for _, section := range []string{"Parameters", "Resources", "Outputs"} {
		out.WriteString(section + ":\n" + strings.Join(sections[section], "\n") + "\n")
	}
	return out.String()
}
