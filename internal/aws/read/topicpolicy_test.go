package read

import (
	"strings"
	"testing"
)

func TestThePolicyOfEveryTopicIsNoOnesChoice(t *testing.T) {
	const topic = "arn:aws:sns:us-east-1:111122223333:orders"
	const given = `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},` +
		`"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],` +
		`"Resource":"` + topic + `","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}}]}`
	for _, c := range []struct {
		name, old, new string
		want           bool
	}{
		{"as SNS gives it", "", "", true},
		{"with an action that SNS added since", `"SNS:Publish"]`, `"SNS:Publish","SNS:Receive"]`, true},
		{"with the newer condition", "AWS:SourceOwner", "aws:SourceAccount", true},
		{"that denies", `"Allow"`, `"Deny"`, false},
		{"without an action", `,"SNS:Publish"`, "", false},
		{"for another account", `"AWS:SourceOwner":"111122223333"`, `"AWS:SourceOwner":"444455556666"`, false},
		{"for everybody", `,"Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}`, "", false},
		{"for a service too", `{"AWS":"*"}`, `{"AWS":"*","Service":"events.amazonaws.com"}`, false},
		{"of another topic", `"Resource":"` + topic, `"Resource":"` + topic + "2", false},
		{"with a statement more", `"Statement":[`, `"Statement":[{"Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"*"},`, false},
		{"with one more condition", `{"AWS:SourceOwner":"111122223333"}`, `{"AWS:SourceOwner":"111122223333","aws:PrincipalTag/team":"a"}`, false},
		{"that somebody wrote", "__default_policy_ID", "mine", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := policyOfEveryTopic(parsed(strings.Replace(given, c.old, c.new, 1)), topic); got != c.want {
				t.Errorf("policyOfEveryTopic = %v, want %v", got, c.want)
			}
		})
	}
	if policyOfEveryTopic(nil, topic) {
		t.Error("no policy at all is not the given one")
	}
}
