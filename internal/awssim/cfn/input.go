package cfn

import (
	"errors"
	"maps"
	"net/url"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// CloudFormation's quotas on the text of a template, in bytes.
const (
	maxTemplateBody = 51_200
	maxTemplateURL  = 1 << 20
)

// readSpec reads and checks template, parameters, tags and the rest of a create or update. old is the stack's present spec,
// nil when there is none.
func (e *Engine) readSpec(c *core.Call, st *stack, old *spec) (spec, error) {
	source, t, err := e.readTemplate(c, old)
	if err != nil {
		return spec{}, err
	}
	sp := spec{
		source: source, template: t, roleARN: c.In.String("RoleARN"), capabilities: c.In.Strings("Capabilities"),
		notifications: c.In.Strings("NotificationARNs"), rollback: c.In.Object("RollbackConfiguration"), tags: core.Tags(c.In["Tags"]),
	}
	if old != nil { // what an update does not mention it inherits
		if !c.In.Has("Tags") {
			sp.tags = maps.Clone(old.tags)
		}
		if sp.roleARN == "" {
			sp.roleARN = old.roleARN
		}
		if sp.rollback == nil {
			sp.rollback = old.rollback
		}
		if !c.In.Has("NotificationARNs") {
			sp.notifications = old.notifications
		}
	}
	for k := range sp.tags {
		if strings.HasPrefix(k, "aws:") {
			return spec{}, invalid("aws: prefixed tag key names are not allowed for external use.")
		}
	}
	if sp.parameters, err = readParameters(c.In, t, old); err != nil {
		return spec{}, err
	}
	if err := e.check(st, &sp); err != nil {
		return spec{}, err
	}
	return sp, checkCapabilities(t, sp.capabilities)
}

// readTemplate returns the template a request names: a body, a URL or the previous one.
func (e *Engine) readTemplate(c *core.Call, old *spec) (string, *template.Template, error) {
	body, link := c.In.String("TemplateBody"), c.In.String("TemplateURL")
	switch {
	case body != "" && link != "":
		return "", nil, invalid("Only one of Template URL or Template Body may be specified.")
	case c.In.Bool("UsePreviousTemplate"):
		if old == nil || old.template == nil {
			return "", nil, invalid("No previous template to use.")
		}
		return old.source, old.template, nil
	case link != "":
		raw, err := e.readURL(c, link)
		if err != nil {
			return "", nil, err
		}
		body = raw
	case body == "":
		return "", nil, invalid("Either Template URL or Template Body must be specified.")
	case len(body) > maxTemplateBody:
		return "", nil, invalid("1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to %d", maxTemplateBody)
	}
	t, err := parse(body)
	return body, t, err
}

func parse(body string) (*template.Template, error) {
	t, err := template.Parse([]byte(body))
	if err == nil {
		err = t.Validate()
	}
	if err != nil {
		return nil, invalid("%s", message(err))
	}
	return t, nil
}

// message is the text of a fault without code and position, as CloudFormation words it.
func message(err error) string {
	var answer *wire.Error
	if errors.As(err, &answer) {
		return answer.Message
	}
	var many template.Problems
	if errors.As(err, &many) && len(many) > 0 {
		return many[0].Message
	}
	var one *template.Error
	if errors.As(err, &one) {
		return one.Message
	}
	return err.Error()
}

// readURL reads a template from the simulated S3: virtual-hosted or path style, or path style on any other host.
func (e *Engine) readURL(c *core.Call, link string) (string, error) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || e.fetch == nil {
		return "", invalid("The specified url must be an Amazon S3 URL: %s", link)
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if label, rest, ok := strings.Cut(u.Host, ".s3"); ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "-")) {
		bucket, key = label, strings.TrimPrefix(u.Path, "/")
	}
	raw, err := e.fetch(c.Scope, bucket, key)
	if err != nil {
		return "", invalid("S3 error: %v\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html", err)
	}
	if len(raw) > maxTemplateURL {
		return "", invalid("Template may not exceed %d bytes in size.", maxTemplateURL)
	}
	return string(raw), nil
}

// readParameters joins the given values with previous ones; defaults are left to the evaluator.
func readParameters(in wire.Object, t *template.Template, old *spec) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range in.Objects("Parameters") {
		key := p.String("ParameterKey")
		if !p.Bool("UsePreviousValue") {
			out[key] = p.String("ParameterValue")
			continue
		}
		if old == nil {
			return nil, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key not in the previous template", key)
		}
		value, ok := old.parameters[key]
		if !ok {
			return nil, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key not in the previous template", key)
		}
		out[key] = value
	}
	return out, nil
}

// check binds the parameters and looks for cycles and references to nothing; then the parameters hold the defaults too.
func (e *Engine) check(st *stack, sp *spec) error {
	ev, err := e.evaluator(st, sp, view{})
	if err == nil {
		_, err = ev.Order()
	}
	if err != nil {
		return invalid("%s", message(err))
	}
	sp.parameters = ev.Parameters()
	sp.resolved = map[string]string{}
	for name, p := range sp.template.Parameters {
		if strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value<") {
			v, ok := e.dynamic(st.Scope, "ssm:"+sp.parameters[name])
			if !ok {
				return invalid("Unable to fetch parameters [%s] from parameter store for this account.", sp.parameters[name])
			}
			sp.resolved[name] = wire.Text(v)
		}
	}
	return nil
}
