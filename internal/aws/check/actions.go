package check

// AlarmActions are the IAM actions that looking at alarms needs.
func AlarmActions() []string { return []string{"cloudwatch:DescribeAlarms"} }

// InvocationActions are those that asking a function needs. A test holds both
// against the interfaces through which this package calls AWS.
func InvocationActions() []string { return []string{"lambda:InvokeFunction"} }
