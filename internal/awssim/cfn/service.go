package cfn

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// Service returns CloudFormation working on the engine.
func (e *Engine) Service() core.Service {
	operations := map[string]handler{
		"CreateStack":                       createStack,
		"UpdateStack":                       updateStack,
		"DeleteStack":                       deleteStack,
		"CancelUpdateStack":                 cancelUpdateStack,
		"ContinueUpdateRollback":            continueUpdateRollback,
		"RollbackStack":                     rollbackStack,
		"SignalResource":                    signalResource,
		"UpdateTerminationProtection":       updateTerminationProtection,
		"SetStackPolicy":                    setStackPolicy,
		"GetStackPolicy":                    getStackPolicy,
		"CreateChangeSet":                   createChangeSet,
		"DescribeChangeSet":                 describeChangeSet,
		"ExecuteChangeSet":                  executeChangeSet,
		"DeleteChangeSet":                   deleteChangeSet,
		"ListChangeSets":                    listChangeSets,
		"DescribeStacks":                    describeStacks,
		"ListStacks":                        listStacks,
		"ListStackResources":                listStackResources,
		"DescribeStackResources":            describeStackResources,
		"DescribeStackResource":             describeStackResource,
		"DescribeStackEvents":               describeStackEvents,
		"DescribeEvents":                    describeEvents,
		"GetTemplate":                       getTemplate,
		"GetTemplateSummary":                getTemplateSummary,
		"ValidateTemplate":                  validateTemplate,
		"ListExports":                       listExports,
		"ListImports":                       listImports,
		"DetectStackDrift":                  detectStackDrift,
		"DetectStackResourceDrift":          detectStackResourceDrift,
		"DescribeStackDriftDetectionStatus": describeDetection,
		"DescribeStackResourceDrifts":       describeResourceDrifts,
	}
	s := core.Service{
		Name: "cloudformation", Namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
		Operations: map[string]core.Handler{}, Kinds: kinds(),
	}
	for name, h := range operations {
		s.Operations[name] = e.locked(h)
	}
	return s
}

// kinds are the resource types of CloudFormation itself that are live state; nested stacks are the engine's own.
func kinds() []core.Kind {
	return []core.Kind{
		{
			Type:    waitConditionType,
			Ref:     "arn:aws:cloudformation:{Region}:{Account}:stack/{Id}",
			Replace: []string{"Count", "Handle", "Timeout"},
			Create: func(c *core.Change) error {
				c.Resource.Attributes["Data"] = "{}"
				return nil
			},
		},
		{
			Type: waitHandleType,
			Ref:  "https://cloudformation-waitcondition-{Region}.s3.amazonaws.com/{Id}",
		},
	}
}
