// Package template evaluates CloudFormation templates without CloudFormation.
//
// It owns the reading of YAML and JSON templates with positions (Parse), the checks CloudFormation makes before it
// touches a resource (Validate, Evaluator), and the resolution of parameters, mappings, conditions, loops and intrinsic
// functions for one Region (Evaluator). Messages use CloudFormation's own wording where it is known.
//
// It serves two kinds of caller. One creates resources and knows their live Ref and GetAtt values. The other only wants to
// know what a template says for a Region: there, whatever cannot be known stays a symbol (see IsSymbol).
//
// It refuses to guess. Macros and the Serverless transform run inside AWS, so what they would produce is not invented:
// Template.Unexpanded says plainly what was left out, and a condition that rests on an unknown value is an *UnknownError,
// never true or false. It knows no resource type and no property: it reads no network, no file, no clock.
package template
