package fault

// Limits are throttles at the rates AWS publishes, per account and Region, or that others have measured where it publishes
// none. Sources: the quota pages of the services (Lambda, API Gateway, EC2, Systems Manager, CloudWatch, CloudWatch
// Logs, ECS); aws-sam-cli #2671 for DescribeStacks; aws-nuke #510 for Cloud Control.
func Limits() []Fault {
	limit := func(service, operation string, rate, burst float64) Fault {
		return Fault{ID: "limit " + service + " " + operation, Effect: Throttle, Service: service, Operation: operation, Rate: rate, Burst: burst}
	}
	lambda := limit("lambda", "", 15, 15)
	lambda.Except = []string{"GetFunction", "GetPolicy", "Invoke"}
	ec2 := limit("ec2", "Describe*", 20, 100)
	ec2.PerOperation = true
	ecs := limit("ecs", "", 20, 100)
	ecs.PerOperation = true
	return []Fault{
		limit("cloudformation", "DescribeStacks", 5, 10),
		limit("cloudcontrolapi", "ListResources", 1, 5),
		limit("cloudcontrolapi", "GetResource", 20, 20),
		lambda,
		limit("lambda", "GetFunction", 100, 100),
		limit("lambda", "GetPolicy", 15, 15),
		limit("apigateway", "", 10, 40),
		limit("apigateway", "GetResources", 2.5, 5),
		ec2,
		ecs,
		limit("monitoring", "DescribeAlarms", 9, 9),
		limit("logs", "DescribeLogGroups", 10, 10),
		limit("ssm", "GetParameter*", 40, 40),
		limit("ssm", "PutParameter", 3, 10),
	}
}
