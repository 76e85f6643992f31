package session

// limit is a request rate AWS grants one account in one Region.
type limit struct {
	rate  float64 // requests per second
	burst float64
}

// published are the request rates by service id and operation; "*" is what all
// operations of the service without their own row share. Sources: "Lambda
// quotas", "Amazon API Gateway quotas", "Request throttling for the Amazon EC2
// API", "Amazon ECS API throttling", "Systems Manager quotas", "CloudWatch
// service quotas", "CloudWatch Logs quotas", "Quotas in Amazon Cognito", "Quotas
// and limits" of Kinesis Data Streams, "Quotas for Amazon EventBridge Scheduler",
// "Step Functions service quotas" (API action throttling), "Amazon ECR service
// quotas". Rows marked (u) are unpublished
// and set below the rates at which public tools report throttling.
var published = map[string]map[string]limit{
	"Lambda": {
		"GetFunction": {100, 100},
		"GetPolicy":   {15, 15},
		"*":           {15, 15},
	},
	"API Gateway": {
		"GetResources": {2.5, 5},
		"*":            {10, 40},
	},
	"EC2":             {"*": {20, 100}},
	"ECS":             {"*": {20, 100}},
	"CloudControl":    {"ListResources": {1, 5}, "*": {10, 30}}, // (u)
	"CloudFormation":  {"*": {20, 60}},                          // (u)
	"CloudWatch":      {"DescribeAlarms": {9, 20}, "*": {20, 50}},
	"CloudWatch Logs": {"DescribeLogGroups": {10, 20}, "*": {10, 20}},
	"EventBridge":     {"*": {50, 100}},
	"IAM":             {"*": {20, 60}}, // (u)
	"SSM":             {"*": {40, 80}},
	"SNS":             {"*": {30, 100}},
	"SQS":             {"*": {100, 200}},
	"DynamoDB":        {"*": {50, 100}}, // control plane, (u)
	"KMS":             {"*": {100, 200}},
	"Secrets Manager": {"*": {100, 200}},
	"ACM":             {"*": {10, 20}}, // (u)
	"RDS":             {"*": {20, 40}}, // (u)
	"S3":              {"*": {100, 200}},
	"STS":             {"*": {100, 200}},

	"Resource Groups Tagging API": {"*": {5, 15}}, // (u)

	"ApiGatewayV2":              {"*": {10, 40}},
	"Route 53":                  {"*": {5, 5}},
	"WAFV2":                     {"*": {5, 10}},  // (u)
	"EFS":                       {"*": {10, 20}}, // (u)
	"Service Quotas":            {"*": {10, 20}}, // (u)
	"Backup":                    {"*": {5, 10}},  // (u)
	"OpenSearch":                {"*": {5, 10}},  // (u)
	"ElastiCache":               {"*": {10, 20}}, // (u)
	"Application Auto Scaling":  {"*": {10, 40}}, // (u)
	"Auto Scaling":              {"*": {10, 40}}, // (u)
	"Elastic Load Balancing v2": {"*": {10, 40}}, // (u)
	"Elastic Load Balancing":    {"*": {10, 40}}, // (u)
	"drs":                       {"*": {5, 10}},  // (u)
	"Cognito Identity Provider": {"*": {15, 15}},
	"ECR":                       {"BatchGetImage": {100, 200}, "*": {20, 60}}, // (u), 2,000 a second for BatchGetImage
	"EKS":                       {"*": {10, 20}},                              // (u)
	"Kafka":                     {"*": {5, 10}},                               // (u)
	"Kinesis":                   {"*": {20, 20}},
	"Scheduler":                 {"GetSchedule": {100, 200}, "*": {10, 10}},
	"SFN":                       {"DescribeStateMachine": {20, 200}, "ListTagsForResource": {1, 100}, "*": {1, 100}},
}

// global are the services that answer for all Regions from one place: their
// quotas are the account's, and the Regions of a run share them.
var global = map[string]bool{"IAM": true, "Route 53": true}

// unlisted is the rate of a service without a row. (u)
var unlisted = limit{rate: 20, burst: 40}

// limitFor returns the bucket an operation draws from, and its size.
func limitFor(service, operation string) (name string, l limit) {
	rows, ok := published[service]
	if !ok {
		return service, unlisted
	}
	if l, ok := rows[operation]; ok {
		return service + "/" + operation, l
	}
	return service, rows["*"]
}

// Quota is a rate of requests that AWS grants one account in one Region, to all
// operations of the same Name together.
type Quota struct {
	Name        string
	Rate, Burst float64 // requests per second, requests at once
	// Global says that the Regions share it.
	Global bool
}

// QuotaOf is what an operation draws from, by the SDK's service id.
func QuotaOf(service, operation string) Quota {
	name, l := limitFor(service, operation)
	return Quota{Name: name, Rate: l.rate, Burst: l.burst, Global: global[service]}
}
