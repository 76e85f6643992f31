package template

import (
	"regexp"
	"strings"
)

// unresolved is text that holds at least one symbol. It keeps symbols apart from literal text that looks like one (a shell's
// ${HOME}, an IAM policy variable) while a tree is evaluated; in results it is a plain string.
type unresolved string

// symbol names a value that is not known here. The forms are
//
//	${Fn}  ${Fn.Arn}             Ref and GetAtt of a resource
//	${Import:name}               an export of another stack
//	${StackOutput:region:s:o}    an output of another stack
//	${AZs:eu-west-1}             the Availability Zones of a Region
//	${NoEcho:Password}           a masked parameter
//	${AWS::AccountId}            a pseudo parameter the Scope does not give
//	${If:Name}                   one of two values, chosen by a condition that cannot be decided
//	${Transform:AWS::Include}    what a macro would insert
//	${Fn::Select:0:${…}}         a function of a symbol that must know its value
//	{{resolve:ssm:/app/size}}    a dynamic reference, as it stands in the template
func symbol(parts ...string) unresolved {
	return unresolved("${" + strings.Join(parts, ":") + "}")
}

var (
	symbolShape  = regexp.MustCompile(`^\$\{[A-Za-z0-9][^!\s]*\}$`)
	dynamicShape = regexp.MustCompile(`\{\{resolve:([a-zA-Z0-9-]+:(?:[^{}]|\$\{[^{}]*\})+)\}\}`)
)

// IsSymbol says whether a value from an Evaluator is, as a whole, one symbol: a string such as "${Fn.Arn}", "${Fn}",
// "${Import:name}" or "{{resolve:ssm:/size}}". It judges by form alone, so literal text of that form (a shell's "${HOME}")
// counts too; Evaluator.Unresolved knows the difference. Symbols inside longer text are not whole: "arn:aws:s3:::${Bucket}".
func IsSymbol(v any) bool {
	s, ok := v.(string)
	if !ok {
		return false
	}
	if at := dynamicShape.FindStringIndex(s); at != nil && at[0] == 0 && at[1] == len(s) {
		return true
	}
	return symbolShape.MatchString(s) && closesAtEnd(s)
}

// closesAtEnd says whether the brace that opens s is the one that ends it: true for "${A:${B}}", false for "${A}-${B}".
func closesAtEnd(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
			if depth == 0 && i != len(s)-1 {
				return false
			}
		}
	}
	return depth == 0
}
