package cfn

import (
	"strings"
	"testing"
)

func TestWhatAStackPolicyAllows(t *testing.T) {
	const (
		all      = `{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}`
		database = `{"Effect": "Deny", "Principal": "*", "Action": ["Update:Replace", "Update:Delete"], "Resource": "*", "Condition": {"StringEquals": {"ResourceType": ["AWS::RDS::DBInstance"]}}}`
		anyRDS   = `{"Effect": "Deny", "Principal": "*", "Action": "Update:*", "Resource": "*", "Condition": {"StringLike": {"ResourceType": "AWS::RDS::*"}}}`
		queues   = `{"Effect": "Deny", "Principal": "*", "NotAction": "Update:Modify", "Resource": "LogicalResourceId/Queue*"}`
		others   = `{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "NotResource": "LogicalResourceId/Data"}`
	)
	for _, c := range []struct {
		name, statements, action, logical, typ string
		want                                   string
	}{
		{"everything is allowed", all, updateDelete, "Queue", "AWS::SQS::Queue", ""},
		{"what nothing allows is not", others, updateModify, "Data", "AWS::RDS::DBInstance", "Action not allowed by stack policy"},
		{"what is not excepted is", others, updateModify, "Queue", "AWS::SQS::Queue", ""},
		{"a denial wins", all + "," + database, updateReplace, "Data", "AWS::RDS::DBInstance", "Statement [#2] does not allow [Update:Replace] for resource [LogicalResourceId/Data]"},
		{"a denial of other actions does not", all + "," + database, updateModify, "Data", "AWS::RDS::DBInstance", ""},
		{"a denial of another type does not", all + "," + database, updateDelete, "Queue", "AWS::SQS::Queue", ""},
		{"a type may be a pattern", all + "," + anyRDS, updateModify, "Data", "AWS::RDS::DBCluster", "Statement [#2]"},
		{"all actions but one", queues + "," + all, updateDelete, "QueueOfJobs", "AWS::SQS::Queue", "Statement [#1]"},
		{"the one", queues + "," + all, updateModify, "QueueOfJobs", "AWS::SQS::Queue", ""},
		{"what cannot be read allows nothing", "...", updateModify, "Queue", "AWS::SQS::Queue", "denied by stack policy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := &stack{policy: `{"Statement": [` + c.statements + `]}`}
			if got := st.denied(c.action, c.logical, c.typ); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if got := (&stack{}).denied(updateDelete, "Queue", "AWS::SQS::Queue"); got != "" {
		t.Errorf("a stack without a policy: %q", got)
	}
}
