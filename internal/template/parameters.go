package template

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	storedPrefix = "AWS::SSM::Parameter::Value<"
	listPrefix   = "List<"
)

// isStored says whether the parameter's value is the name of an SSM parameter that holds the value.
func (p Parameter) isStored() bool { return strings.HasPrefix(p.Type, storedPrefix) }

// isList says whether Ref of the parameter is a list.
func (p Parameter) isList() bool {
	kind := strings.TrimSuffix(strings.TrimPrefix(p.Type, storedPrefix), ">")
	return kind == "CommaDelimitedList" || strings.HasPrefix(kind, listPrefix)
}

// shape is what Ref gives for a value: the text, or the trimmed elements of a list.
func (p Parameter) shape(text string) any {
	if !p.isList() {
		return text
	}
	out := []any{}
	for _, item := range strings.Split(text, ",") {
		out = append(out, strings.TrimSpace(item))
	}
	return out
}

// bindParameters joins given values and defaults and checks them; every fault is reported.
func (t *Template) bindParameters(given map[string]string) (map[string]string, error) {
	values := map[string]string{}
	var missing, unknown []string
	for _, name := range sortedKeys(t.Parameters) {
		if text, ok := given[name]; ok {
			values[name] = text
		} else if p := t.Parameters[name]; p.Default != nil {
			values[name] = *p.Default
		} else {
			missing = append(missing, name)
		}
	}
	for _, name := range sortedKeys(given) {
		if _, ok := t.Parameters[name]; !ok {
			unknown = append(unknown, name)
		}
	}
	var problems Problems
	if len(missing) > 0 {
		problems = append(problems, &Error{Path: "Parameters", Message: "Parameters: [" + strings.Join(missing, ", ") + "] must have values"})
	}
	if len(unknown) > 0 {
		problems = append(problems, &Error{Path: "Parameters", Message: "Parameters: [" + strings.Join(unknown, ", ") + "] do not exist in the template"})
	}
	for _, name := range sortedKeys(values) {
		if message := t.Parameters[name].violation(name, values[name]); message != "" {
			problems = append(problems, t.errorAt(join("Parameters", name), message))
		}
	}
	if err := problems.asError(); err != nil {
		return nil, err
	}
	return values, nil
}

// violation is the first constraint a value breaks, in CloudFormation's words, or "".
func (p Parameter) violation(name, text string) string {
	for _, check := range []func(string) string{p.checkAllowed, p.checkPattern, p.checkLength, p.checkNumber} {
		broken := ""
		for _, item := range p.items(text) {
			if broken = check(item); broken != "" {
				break
			}
		}
		if broken == "" {
			continue
		}
		if p.ConstraintDescription != "" {
			return fmt.Sprintf("Parameter %s failed to satisfy constraint: %s", name, p.ConstraintDescription)
		}
		return fmt.Sprintf("Parameter '%s' %s", name, broken)
	}
	return ""
}

// items are the texts the constraints apply to: the elements of a list, otherwise the whole.
func (p Parameter) items(text string) []string {
	if !p.isList() || p.isStored() {
		return []string{text}
	}
	items := strings.Split(text, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items
}

func (p Parameter) checkAllowed(text string) string {
	if len(p.AllowedValues) == 0 {
		return ""
	}
	for _, allowed := range p.AllowedValues {
		if text == allowed {
			return ""
		}
	}
	return "must be one of AllowedValues"
}

func (p Parameter) checkPattern(text string) string {
	pattern, err := p.pattern()
	if err != nil || pattern == nil || pattern.MatchString(text) {
		return ""
	}
	return "must match pattern " + p.AllowedPattern
}

// pattern compiles AllowedPattern, which must match a whole value. It is nil without one, and an error when the pattern uses
// what Java has and Go has not (see Unexpanded).
func (p Parameter) pattern() (*regexp.Regexp, error) {
	if p.AllowedPattern == "" {
		return nil, nil
	}
	return regexp.Compile(`^(?:` + p.AllowedPattern + `)$`)
}

func (p Parameter) checkLength(text string) string {
	n := utf8.RuneCountInString(text)
	if p.MinLength != nil && n < *p.MinLength {
		return fmt.Sprintf("must contain at least %d characters", *p.MinLength)
	}
	if p.MaxLength != nil && n > *p.MaxLength {
		return fmt.Sprintf("must contain at most %d characters", *p.MaxLength)
	}
	return ""
}

func (p Parameter) checkNumber(text string) string {
	if p.Type != "Number" && p.Type != "List<Number>" {
		return ""
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "must be a number"
	}
	if p.MinValue != nil && f < *p.MinValue {
		return fmt.Sprintf("must be a number not less than %s", strconv.FormatFloat(*p.MinValue, 'f', -1, 64))
	}
	if p.MaxValue != nil && f > *p.MaxValue {
		return fmt.Sprintf("must be a number not greater than %s", strconv.FormatFloat(*p.MaxValue, 'f', -1, 64))
	}
	return ""
}
