package cfn

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// The actions that a stack policy judges. Making a resource is not among them, and neither is going back after a failure.
const (
	updateModify  = "Update:Modify"
	updateReplace = "Update:Replace"
	updateDelete  = "Update:Delete"
)

// policyStatement is a statement of a stack policy. Each member but Effect is a text or a list of texts.
type policyStatement struct {
	Effect                                   string
	Action, NotAction, Resource, NotResource texts
	Condition                                map[string]map[string]texts
}

// texts is a text or a list of them.
type texts []string

// UnmarshalJSON implements json.Unmarshaler.
func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

func readPolicy(text string) ([]policyStatement, error) {
	var policy struct{ Statement []policyStatement }
	err := json.Unmarshal([]byte(text), &policy)
	return policy.Statement, err
}

// denied is why the policy of the stack does not let an update do something to a resource; empty: it does. What no statement
// allows is denied, unless the stack has no policy.
func (st *stack) denied(action, logical, typ string) string {
	if st.policy == "" {
		return ""
	}
	statements, err := readPolicy(st.policy)
	if err != nil {
		return "Action denied by stack policy: " + err.Error()
	}
	allowed := false
	for i, s := range statements {
		switch {
		case !s.matches(action, logical, typ):
		case s.Effect == "Deny":
			return fmt.Sprintf("Action denied by stack policy: Statement [#%d] does not allow [%s] for resource [LogicalResourceId/%s]", i+1, action, logical)
		default:
			allowed = true
		}
	}
	if allowed {
		return ""
	}
	return "Action not allowed by stack policy"
}

func (s policyStatement) matches(action, logical, typ string) bool {
	return within(s.Action, s.NotAction, action) && within(s.Resource, s.NotResource, "LogicalResourceId/"+logical) &&
		conditional(s.Condition, typ)
}

// within reports whether a text is one that is meant: among those given, or not among those excepted.
func within(given, excepted texts, text string) bool {
	if given != nil {
		return given.match(text)
	}
	return !excepted.match(text)
}

func (t texts) match(text string) bool {
	return slices.ContainsFunc(t, func(pattern string) bool {
		ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(text, "/", "\x00"))
		return err == nil && ok
	})
}

// conditional applies the one condition there is: the type of the resource.
func conditional(condition map[string]map[string]texts, typ string) bool {
	for operator, keys := range condition {
		for key, values := range keys {
			if key != "ResourceType" || operator == "StringEquals" && !slices.Contains(values, typ) || operator == "StringLike" && !values.match(typ) {
				return false
			}
		}
	}
	return true
}

// deletionDenied is why the stack may not lose a resource that the template no longer has; empty: it may.
func (op *operation) deletionDenied(order []string) string {
	if op.kind != opUpdate {
		return ""
	}
	for logical, r := range op.st.resources {
		if r.lives() && !slices.Contains(order, logical) {
			if reason := op.st.denied(updateDelete, logical, r.typ); reason != "" {
				return reason
			}
		}
	}
	return ""
}
