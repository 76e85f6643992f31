package drift

import "testing"

// In an event pattern and in a filter policy a list names alternatives.
func TestTheOrderOfAlternativesSaysNothing(t *testing.T) {
	for _, test := range []struct {
		name, typeName   string
		primary, standby props
		differs          bool
	}{
		{"alternatives in another order", "AWS::Events::Rule", props{"EventPattern": props{"source": []any{"a", "b"}}},
			props{"EventPattern": props{"source": []any{"b", "a"}}}, false},
		{"another alternative", "AWS::Events::Rule", props{"EventPattern": props{"source": []any{"a", "b"}}},
			props{"EventPattern": props{"source": []any{"a", "c"}}}, true},
		{"as text", "AWS::SNS::Subscription", props{"FilterPolicy": `{"kind":["order",{"prefix":"re"}]}`},
			props{"FilterPolicy": `{"kind":[{"prefix":"re"},"order"]}`}, false},
		{"the operands of a comparison", "AWS::SNS::Subscription", props{"FilterPolicy": props{"price": []any{props{"numeric": []any{">", 1.0, "<", 5.0}}}}},
			props{"FilterPolicy": props{"price": []any{props{"numeric": []any{"<", 5.0, ">", 1.0}}}}}, true},
		{"filters of a mapping", "AWS::Lambda::EventSourceMapping", props{"FilterCriteria": props{"Filters": []any{props{"Pattern": `{"body":{"kind":["a","b"]}}`}}}},
			props{"FilterCriteria": props{"Filters": []any{props{"Pattern": `{"body":{"kind":["b","a"]}}`}}}}, false},
		{"states of a machine", "AWS::StepFunctions::StateMachine", props{"DefinitionString": `{"States":{"A":{"Branches":[1,2]}}}`},
			props{"DefinitionString": `{"States":{"A":{"Branches":[2,1]}}}`}, true},
	} {
		c := Compare(lonely(east, test.typeName, test.primary), lonely(west, test.typeName, test.standby), options)
		if (len(c.Findings) > 0) != test.differs {
			t.Errorf("%s: %s", test.name, show(c.Findings))
		}
	}
}
