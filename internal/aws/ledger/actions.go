package ledger

// ReadActions lists the IAM actions that reading the ledger needs, on
// parameter/lockstep/*, sorted.
func ReadActions() []string { return []string{"ssm:GetParameterHistory", "ssm:GetParameters"} }

// Actions lists those that writing it needs. A test holds both against the
// interfaces through which this package calls AWS.
func Actions() []string {
	return []string{"ssm:DeleteParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:PutParameter"}
}
