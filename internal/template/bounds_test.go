package template

import (
	"strings"
	"sync"
	"testing"
)

func TestEvaluationIsBounded(t *testing.T) {
	head := "Transform: AWS::LanguageExtensions\nParameters:\n  P: {Type: String}\nResources:\n  R:\n    Type: AWS::SQS::Queue\n    Properties:\n      V: "
	large := map[string]string{"P": strings.Repeat("x", 100_000)}
	for name, value := range map[string]string{
		"Sub that multiplies":  "!Sub '" + strings.Repeat("${P}", 1000) + "'",
		"Join that multiplies": "!Join ['', [" + strings.TrimSuffix(strings.Repeat("!Ref P, ", 1000), ", ") + "]]",
		"many large values":    "[" + strings.TrimSuffix(strings.Repeat("!Sub '${P}${P}', ", 500), ", ") + "]",
	} {
		t.Run(name, func(t *testing.T) {
			e := mustEvaluate(t, head+value, Scope{Parameters: large})
			_, err := e.Properties("R")
			if err == nil || !strings.Contains(err.Error(), "evaluation produces more than") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestEvaluatorIsSafeForConcurrentUse(t *testing.T) {
	e := mustEvaluate(t, around("!If [Unknown, !Sub '${Queue.Arn}', !Ref Name]"), Scope{Region: "eu-west-1"})
	var wait sync.WaitGroup
	results := make([]string, 16)
	for i := range results {
		wait.Go(func() {
			props, err := e.Properties("Fn")
			if err != nil {
				return
			}
			_, _ = e.Order()
			results[i], _ = props["V"].(string)
		})
	}
	wait.Wait()
	for i, got := range results {
		if got != "${If:Unknown}" {
			t.Errorf("result %d is %q", i, got)
		}
	}
}
