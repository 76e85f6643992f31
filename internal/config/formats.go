package config

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

var (
	onlyString  = []kind{kindString}
	anyScalar   = []kind{kindString, kindInteger, kindNumber, kindBoolean}
	onlyInteger = []kind{kindInteger}
	onlyBoolean = []kind{kindBoolean}
)

// Formats of names and places. Sources of the patterns: the CloudFormation,
// IAM, S3 and Organizations API references.
var (
	versionFormat = &format{
		name: "integer", noun: "the number 1", kinds: onlyInteger, enum: []string{"1"},
		hint: func(string) string { return "write version: 1, a plain number" },
	}
	flagFormat = &format{name: "true or false", noun: "true or false", kinds: onlyBoolean}
	appFormat  = &format{
		name: "name", noun: "letters, digits, dots, dashes or underscores, beginning with a letter or digit",
		kinds: onlyString, pattern: regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`), maxLength: 64,
	}
	regionFormat = &format{
		name: "Region", noun: "an AWS Region code", kinds: onlyString,
		pattern: regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`),
		hint: func(text string) string {
			if near := nearest(strings.NewReplacer("_", "-", " ", "-").Replace(text), topology.KnownRegions()); near != "" {
				return "did you mean " + near + "?"
			}
			return "Region codes look like us-east-1"
		},
	}
	accountFormat = &format{
		name: "account", noun: "the 12 digits of an AWS account", kinds: []kind{kindString, kindInteger},
		pattern: regexp.MustCompile(`^[0-9]{12}$`), hint: accountHint, verify: verifyAccount,
	}
	roleARNFormat = &format{
		name: "role ARN", noun: "the ARN of an IAM role", kinds: onlyString, maxLength: 2048,
		pattern: regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$`),
	}
	topicARNFormat = &format{
		name: "topic ARN", noun: "the ARN of an SNS topic", kinds: onlyString, maxLength: 2048,
		pattern: regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$`),
	}
	externalIDFormat = &format{
		name: "external id", noun: "an external id (letters, digits and +=,.@:/-_)", kinds: onlyString,
		pattern: regexp.MustCompile(`^[A-Za-z0-9_+=,.@:/-]*$`), minLength: 2, maxLength: 1224,
		hint: func(string) string { return "quote a number; spaces are not allowed" },
	}
	probeFormat = &format{
		name: "URL", noun: "an http:// or https:// URL", kinds: onlyString, maxLength: 2048,
		pattern: regexp.MustCompile(`^https?://[^\s]+$`), verify: verifyProbe,
	}
	stackNameFormat = &format{
		name: "stack name", noun: "a stack name: a letter, then letters, digits and dashes", kinds: onlyString,
		pattern: regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`), maxLength: 128, hint: stackNameHint,
	}
	templateFormat = &format{
		name: "path", noun: "the path of a template", kinds: onlyString, minLength: 1, verify: verifyPath,
	}
	assetFormat = &format{
		name: "path", noun: "the path of a file or directory", kinds: onlyString, minLength: 1, verify: verifyPath,
	}
	policyFormat = &format{
		name: "path or JSON", noun: "the path of a stack policy, or the policy itself as JSON", kinds: onlyString, minLength: 1, maxLength: maxPolicy, verify: verifyPolicy,
	}
	bucketFormat = &format{
		name: "bucket", noun: "the name of an S3 bucket", kinds: onlyString, minLength: 3, maxLength: 63,
		pattern: regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*[a-z0-9]$`),
		hint:    func(string) string { return "lower-case letters, digits, dots and dashes; no s3://" },
	}
	sourceFormat = &format{
		name: "name", noun: "a word of letters, digits and dashes", kinds: onlyString,
		pattern: regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`), maxLength: 64,
	}
	stateFormat = &format{
		name: "state location", noun: "an s3:// URL or a path of a Terraform state", kinds: onlyString, minLength: 1, verify: verifyState,
	}
)

// Formats of what is deployed.
var (
	capabilityFormat = enumFormat("capability", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
	parameterFormat  = &format{
		name: "parameter", noun: "the name of a template parameter: letters and digits", kinds: onlyString,
		pattern: regexp.MustCompile(`^[A-Za-z0-9]+$`), maxLength: 255,
		hint: func(string) string { return "use the name as the template spells it" },
	}
	valueFormat = &format{
		name: "value", noun: "a value", kinds: anyScalar, maxLength: 4096, verify: verifyText,
	}
	itemFormat = &format{
		name: "value", noun: "a value without commas", kinds: anyScalar, maxLength: 4096,
		pattern: regexp.MustCompile(`^[^,]*$`),
		hint:    func(string) string { return "CloudFormation splits lists at commas and knows no escape" },
	}
	outputFormat = &format{
		name: "Stack.Output", noun: "the output of an earlier target, as Stack.Output", kinds: onlyString,
		pattern: regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*\.[A-Za-z0-9]+$`),
	}
	tagKeyFormat = &format{
		name: "tag", noun: "a tag name", kinds: onlyString, minLength: 1, maxLength: 128,
		hint: func(string) string { return "a tag name has 1 to 128 characters" },
		verify: func(n *node) (string, string) {
			if strings.HasPrefix(strings.ToLower(n.text), "aws:") {
				return shown(n.text) + " begins with aws:, which AWS reserves", "choose another name"
			}
			return "", ""
		},
	}
	tagValueFormat = &format{name: "value", noun: "a value", kinds: anyScalar, maxLength: 256}
)

// Formats of judgement.
var (
	strategyFormat = enumFormat("strategy", strategyNames()...)
	roleFormat     = enumFormat("role", string(topology.Primary), string(topology.Standby), string(topology.Active))
	levelFormat    = levels()
	unknownFormat  = enumFormat("level", "block", "warn")
	failOnFormat   = enumFormat("severity", "block", "warn", "info", "never")
	blockFormat    = enumFormat("choice", "any", "regressions")
	forkFormat     = enumFormat("choice", "fail", "defer")
	authorFormat   = enumFormat("choice", "refuse", "allow")
	ruleFormat     = &format{
		name: "rule", noun: "a rule id such as CFG-03", kinds: onlyString, maxLength: 32,
		pattern: regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]+$`), hint: ruleHint,
	}
	patternFormat = &format{
		name: "resource", noun: "a resource key such as payments/Fn or a pattern such as payments/*", kinds: onlyString,
		minLength: 1, maxLength: 512,
		verify: func(n *node) (string, string) {
			if _, err := path.Match(n.text, ""); err != nil {
				return shown(n.text) + " is not a valid pattern", "close the bracket, or write \\[ for the character"
			}
			return "", ""
		},
	}
	propertyFormat = &format{
		name: "property", noun: "a property path such as Environment.Variables.STAGE, or *", kinds: onlyString,
		minLength: 1, maxLength: 512,
	}
	reasonFormat = &format{
		name: "text", noun: "a reason in words", kinds: onlyString, minLength: 1, maxLength: 1000,
		pattern: regexp.MustCompile(`[^\s]`),
		hint:    func(string) string { return "say why the difference is accepted" },
	}
	labelFormat = &format{
		name: "label", noun: "the name of a label", kinds: onlyString, minLength: 1, maxLength: 50, pattern: regexp.MustCompile(`[^\s]`),
		hint: func(string) string { return "GitHub's labels have up to 50 characters" },
	}
	expressionFormat = &format{
		name: "CEL expression", noun: "a CEL expression", kinds: []kind{kindString, kindBoolean}, minLength: 1, maxLength: 10000,
	}
	readsFormat = &format{
		name: "type or fact", noun: "a resource type such as AWS::SQS::Queue or a kind of fact such as lambda.State", kinds: onlyString, minLength: 1, hint: readsHint,
		maxLength: 128, pattern: regexp.MustCompile(`^([A-Za-z0-9]+(::[A-Za-z0-9]+)+|[a-z0-9-]+\.[A-Za-z]+)$`),
	}
	dateFormat = &format{
		name: "date", noun: "a day written as 2027-03-31", kinds: onlyString,
		pattern: regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`),
		verify: func(n *node) (string, string) {
			if _, err := drift.ParseDate(n.text); err != nil {
				return shown(n.text) + " is not a day of the calendar", "write year-month-day, such as 2027-03-31"
			}
			return "", ""
		},
	}
)

// levels is the format of a rule's level. YAML 1.1 taught people that off is false.
func levels() *format {
	f := enumFormat("level", "block", "warn", "off")
	f.hint = func(text string) string {
		if strings.EqualFold(text, "false") {
			return "write off"
		}
		return ""
	}
	return f
}

func enumFormat(name string, values ...string) *format {
	all := strings.Join(values[:len(values)-1], ", ") + " or " + values[len(values)-1]
	return &format{name: name, noun: all, kinds: onlyString, enum: values}
}

func strategyNames() []string {
	var names []string
	for _, s := range topology.Strategies() {
		names = append(names, string(s))
	}
	return names
}

func accountHint(text string) string {
	if digits := strings.ReplaceAll(text, "-", ""); len(digits) == 12 && digits != text {
		return fmt.Sprintf("write %q", digits)
	}
	if _, err := strconv.ParseUint(text, 10, 64); err == nil && len(text) < 12 {
		return fmt.Sprintf("a number loses its leading zeros; write %q if that is the account", strings.Repeat("0", 12-len(text))+text)
	}
	return `write "111111111111"`
}

// verifyAccount refuses an unquoted number with leading zeros: other readers
// of the file (editors, generators) would drop them or read it as octal.
func verifyAccount(n *node) (message, suggestion string) {
	if strings.HasPrefix(n.text, "0") && !n.quoted {
		return n.text + " is a number that loses its leading zeros", fmt.Sprintf("quote it: %q", n.text)
	}
	return "", ""
}

func verifyProbe(n *node) (message, suggestion string) {
	u, err := url.Parse(n.text)
	switch {
	case err != nil || u.Hostname() == "":
		return shown(n.text) + " is not a URL with a host", "write https://host/path"
	case u.User != nil:
		return "holds credentials", "a probe is called without any; remove user and password from the URL"
	}
	return "", ""
}

func stackNameHint(text string) string {
	fixed := regexp.MustCompile(`[^A-Za-z0-9-]+`).ReplaceAllString(text, "-")
	fixed = strings.TrimLeft(strings.Trim(fixed, "-"), "0123456789-")
	if fixed == "" || fixed == text || len(fixed) > 128 {
		return "write a name such as payments-data"
	}
	return "write " + fixed
}

func ruleHint(text string) string {
	if upper := strings.ToUpper(strings.ReplaceAll(text, "_", "-")); regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]+$`).MatchString(upper) {
		return "write " + upper
	}
	return "rule ids are letters, a dash and digits"
}

// verifyPath accepts paths that stay inside the working directory.
func verifyPath(n *node) (message, suggestion string) {
	switch clean := path.Clean(n.text); {
	case strings.Contains(n.text, "://"):
		return shown(n.text) + " is a URL", "name a file of this repository, by its path from the working directory"
	case strings.Contains(n.text, `\`):
		return shown(n.text) + " has a backslash", "separate directories with /"
	case path.IsAbs(n.text) || len(n.text) > 1 && n.text[1] == ':':
		return shown(n.text) + " is an absolute path and must stay inside the working directory", "write the path from the working directory, such as infra/app.yaml"
	case clean == ".." || strings.HasPrefix(clean, "../"):
		return shown(n.text) + " leaves the working directory", "write a path without .., such as infra/app.yaml"
	case clean == "." || strings.HasSuffix(n.text, "/"):
		return shown(n.text) + " is a directory", "name the file"
	}
	return "", ""
}

// verifyPolicy accepts a policy, which begins with a brace, or the path of one.
func verifyPolicy(n *node) (message, suggestion string) {
	if !isInline(n.text) {
		return verifyPath(n)
	}
	return CheckPolicy(n.text)
}

// isInline tells a policy from the path of one.
func isInline(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "{") }

// maxPolicy is how long a stack policy may be. Source: SetStackPolicy in the
// CloudFormation API Reference, 16 KB.
const maxPolicy = 16_384

// CheckPolicy says what is wrong with the text of a stack policy, to follow its
// name; "": nothing.
// CloudFormation has the last word on what its statements mean.
func CheckPolicy(text string) (message, suggestion string) {
	var policy struct{ Statement []map[string]any }
	switch err := json.Unmarshal([]byte(text), &policy); {
	case err != nil:
		return "is not JSON with a list Statement: " + err.Error(), `write it as {"Statement": [...]}`
	case len(policy.Statement) == 0:
		return "has no Statement and would forbid every update", `write it as {"Statement": [...]}`
	case len(text) > maxPolicy:
		return fmt.Sprintf("has %d bytes", len(text)), fmt.Sprintf("CloudFormation takes %d", maxPolicy)
	}
	return "", ""
}

// verifyText refuses control characters, which AWS drops or refuses: the
// deploy would fail only when it verifies what arrived.
func verifyText(n *node) (message, suggestion string) {
	if strings.ContainsFunc(n.text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }) {
		return shown(n.text) + " has a control character", "remove it"
	}
	return "", ""
}

// verifyState accepts an object in S3 or a path inside the working directory.
func verifyState(n *node) (message, suggestion string) {
	rest, s3 := strings.CutPrefix(n.text, "s3://")
	if !s3 {
		return verifyPath(n)
	}
	bucket, object, _ := strings.Cut(rest, "/")
	if object == "" || !bucketFormat.pattern.MatchString(bucket) {
		return shown(n.text) + " names no object in S3", "write s3://bucket/key"
	}
	return "", ""
}

// readsHint knows that a type in a flow list needs quotes: YAML readers differ in
// what they make of its colons.
func readsHint(string) string { return `write "AWS::SQS::Queue", in quotes` }
