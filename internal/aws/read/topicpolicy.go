package read

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// ownersActions are what the policy that every topic starts with lets its owner do.
// Newer ones may name more. Source: what AWS answers for a new topic.
var ownersActions = []string{
	"addpermission", "deletetopic", "gettopicattributes", "listsubscriptionsbytopic", "publish",
	"removepermission", "settopicattributes", "subscribe",
}

// policyOfEveryTopic reports whether a policy is the one that SNS gives a topic that
// has none: its own account may do everything with it, and nobody else is named. A
// topic that does not exist yet has none either.
func policyOfEveryTopic(policy any, topic string) bool {
	document, _ := policy.(map[string]any)
	all := asList(document["Statement"])
	if text(document, "Id") != "__default_policy_ID" || len(all) != 1 {
		return false
	}
	s, _ := all[0].(map[string]any)
	who, _ := s["Principal"].(map[string]any)
	return text(s, "Effect") == "Allow" && text(s, "Resource") == topic && who["AWS"] == "*" && len(who) == 1 &&
		ofItsAccount(s["Condition"], topic) && mayDo(asList(s["Action"]), ownersActions)
}

// ofItsAccount reports whether a condition admits a topic's own account, and it alone.
func ofItsAccount(condition any, topic string) bool {
	operators, _ := condition.(map[string]any)
	equals, _ := operators["StringEquals"].(map[string]any)
	owner, err := arn.Parse(topic)
	if err != nil || len(operators) != 1 || len(equals) != 1 {
		return false
	}
	for key, account := range equals {
		own := strings.EqualFold(key, "aws:SourceOwner") || strings.EqualFold(key, "aws:SourceAccount")
		return own && slices.Equal(asList(account), []any{owner.AccountID})
	}
	return false
}

// mayDo reports whether a list of SNS actions has all of the wanted ones.
func mayDo(have []any, want []string) bool {
	return !slices.ContainsFunc(want, func(action string) bool {
		return !slices.ContainsFunc(have, func(h any) bool {
			name, _ := h.(string)
			return strings.EqualFold(name, "sns:"+action)
		})
	})
}
