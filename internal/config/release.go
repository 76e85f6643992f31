package config

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of CloudFormation per stack and of a template body. Source:
// "CloudFormation quotas" in the CloudFormation User Guide.
const (
	maxParameters = 200
	maxTags       = 50
	maxTopics     = 5
	maxAlarms     = 5
	maxMonitor    = 3 * time.Hour
)

// release reads the targets in order. A target sees the keys of those before
// it, which is what its outputs may come from.
func (b *builder) release(n *node) []Target {
	var targets []Target
	all := b.stackKeys(n)
	for i, item := range n.itemsOf() {
		path := "release[" + strconv.Itoa(i) + "]"
		t := Target{Pos: item.pos}
		if body := item.get("cloudformation"); body != nil {
			s := stackReader{builder: b, path: path + ".cloudformation", all: all, index: i}
			t.CloudFormation = s.read(body)
		}
		if body := item.get("lambda"); body != nil {
			t.Lambda = b.function(body, path+".lambda")
		}
		if body := item.get("ecs"); body != nil {
			t.ECS = b.service(body, path+".ecs")
		}
		if body := item.get("s3"); body != nil {
			t.S3 = b.site(body, path+".s3")
		}
		if body := item.get("terraform"); body != nil {
			t.Terraform = b.workspace(body, path+".terraform")
		}
		if body := item.get("command"); body != nil {
			t.Command = b.command(body, path+".command")
		}
		if len(item.goodEntries()) == 1 {
			targets = append(targets, t)
		}
	}
	b.uniqueNames(targets)
	b.uniqueKeys(targets)
	return targets
}

func (n *node) itemsOf() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// stackKeys lists the key of every target by its place in the release; "" for
// one that could not be read.
func (b *builder) stackKeys(n *node) []string {
	keys := make([]string, len(n.itemsOf()))
	for i, item := range n.itemsOf() {
		name := item.get("cloudformation").get("stack")
		if name != nil && !name.scalar() {
			name = name.get(b.reference)
		}
		keys[i] = name.value()
	}
	return keys
}

// uniqueNames reports two targets that are one stack in some Region.
func (b *builder) uniqueNames(targets []Target) {
	owner := map[string]Position{}
	for _, t := range targets {
		if t.CloudFormation == nil {
			continue
		}
		reported := false
		for _, region := range b.regions {
			name := t.CloudFormation.Regions[region].Name
			if name == "" {
				continue
			}
			id := region + "/" + name
			if first, taken := owner[id]; taken && !reported {
				reported = true
				b.add(t.Pos, "keep one; a stack is deployed once in a release",
					"stack %s in %s is already the target on line %d", shown(name), region, first.Line)
			}
			owner[id] = t.Pos
		}
	}
}

// stackReader reads one CloudFormation target.
type stackReader struct {
	*builder
	path  string
	all   []string
	index int
}

func (s stackReader) read(n *node) *Stack {
	stack := &Stack{Key: s.all[s.index], Regions: map[string]StackInRegion{}}
	names := s.each(n.get("stack"), s.path+".stack")
	templates := s.each(n.get("template"), s.path+".template")
	buckets := s.each(n.get("bucket"), s.path+".bucket")
	overrides := map[string]*node{}
	for _, e := range n.get("regions").goodEntries() {
		if s.known(e, s.path+".regions") {
			overrides[e.key] = e.value
		}
	}
	common := s.settings(n, s.path)
	for _, region := range s.regions {
		in := merge(common, s.settings(overrides[region], s.path+".regions."+region))
		in.Name, in.Bucket = names[region].value(), buckets[region].value()
		if t := templates[region]; t != nil {
			in.Template, in.TemplatePos = cleanPath(t.text), t.pos
		}
		s.limits(n, region, in)
		stack.Regions[region] = in
	}
	s.sharedBucket(n.get("bucket"), buckets)
	stack.Assets = s.assets(n.get("assets"))
	stack.RecreateFailed = n.get("recreate-failed").value() == "true"
	stack.Repair = n.get("repair").value() == "true"
	stack.ImportExisting = n.get("import-existing").value() == "true"
	return stack
}

// assets reads what is uploaded for the template. A parameter that two assets
// would set would get one of two values by chance.
func (s stackReader) assets(n *node) []Asset {
	var assets []Asset
	setBy := map[string]Position{}
	for i, item := range n.itemsOf() {
		asset := Asset{
			Path: cleanPath(item.get("path").value()), Pos: item.pos,
			BucketParameter: item.get("bucket-parameter").value(), KeyParameter: item.get("key-parameter").value(),
		}
		if item.get("path").value() == "" || asset.KeyParameter == "" || asset.BucketParameter == "" {
			continue // reported where the file was held against the table
		}
		if first, taken := setBy[asset.KeyParameter]; taken {
			s.add(item.pos, "give every asset a key-parameter of its own",
				"%s.assets[%d] sets parameter %s, which the asset on line %d sets already", s.path, i, asset.KeyParameter, first.Line)
			continue
		}
		setBy[asset.KeyParameter] = item.pos
		assets = append(assets, asset)
	}
	return assets
}

func (s stackReader) limits(n *node, region string, in StackInRegion) {
	if count := len(in.Parameters); count > maxParameters {
		s.add(n.pos, "CloudFormation takes 200", "%s has %d parameters in %s", s.path, count, region)
	}
	if count := len(in.NotificationARNs); count > maxTopics {
		s.add(n.pos, "CloudFormation takes 5", "%s has %d notification-arns in %s", s.path, count, region)
	}
	if count := len(in.RollbackAlarms); count > maxAlarms {
		s.add(n.pos, "CloudFormation takes 5", "%s has %d rollback-alarms in %s", s.path, count, region)
	}
	if count := len(in.Tags); count > maxTags {
		s.add(n.pos, "CloudFormation takes 50", "%s has %d tags in %s", s.path, count, region)
	}
}

// sharedBucket warns when a bucket, which lives in one Region, serves two.
func (s stackReader) sharedBucket(n *node, buckets map[string]*node) {
	user := map[string]string{}
	for _, region := range sortedKeys(buckets) {
		name := buckets[region].text
		if first, taken := user[name]; taken {
			s.warnings.add(n.pos, "name a bucket in each Region",
				"%s.bucket %s serves %s and %s: the loss of its Region stops deploys to the other", s.path, name, first, region)
			return
		}
		user[name] = region
	}
}

// settings reads what may stand on the stack and again under a Region.
func (s stackReader) settings(n *node, path string) StackInRegion {
	in := StackInRegion{Parameters: map[string]Value{}, Tags: map[string]string{}}
	for _, e := range n.get("parameters").goodEntries() {
		if v, ok := s.value(e.value, path+".parameters."+e.key); ok {
			in.Parameters[e.key] = v
		}
	}
	for _, e := range n.get("tags").goodEntries() {
		in.Tags[e.key] = e.value.text
	}
	in.Capabilities = set(n.get("capabilities"))
	in.NotificationARNs, in.RollbackAlarms = set(n.get("notification-arns")), set(n.get("rollback-alarms"))
	if monitor := n.get("rollback-monitor"); monitor != nil {
		in.RollbackMonitor, _ = parseDuration(monitor.value()) // the format was checked
		if in.RollbackMonitor > maxMonitor || in.RollbackMonitor%time.Minute != 0 {
			s.add(monitor.pos, "write whole minutes up to 3h", "%s.rollback-monitor is %s", path, monitor.value())
		}
	}
	in.ServiceRole = n.get("service-role").value()
	if policy := n.get("stack-policy"); policy != nil {
		in.PolicyPos = policy.pos
		if isInline(policy.text) {
			in.Policy = policy.text
		} else {
			in.PolicyFile = cleanPath(policy.text)
		}
	}
	return in
}

// set is a list without duplicates, sorted; nil: it was not given.
func set(list *node) []string {
	if list == nil {
		return nil
	}
	items := []string{}
	for _, item := range list.goodItems() {
		items = append(items, item.text)
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// merge lays a Region's own settings over the common ones.
func merge(common, own StackInRegion) StackInRegion {
	for name, v := range common.Parameters {
		if _, set := own.Parameters[name]; !set {
			own.Parameters[name] = v
		}
	}
	for name, v := range common.Tags {
		if _, set := own.Tags[name]; !set {
			own.Tags[name] = v
		}
	}
	if own.Capabilities == nil {
		own.Capabilities = slices.Clone(common.Capabilities)
	}
	if own.NotificationARNs == nil {
		own.NotificationARNs = slices.Clone(common.NotificationARNs)
	}
	if own.RollbackAlarms == nil {
		own.RollbackAlarms = slices.Clone(common.RollbackAlarms)
	}
	if own.RollbackMonitor == 0 {
		own.RollbackMonitor = common.RollbackMonitor
	}
	if own.Policy == "" && own.PolicyFile == "" {
		own.Policy, own.PolicyFile, own.PolicyPos = common.Policy, common.PolicyFile, common.PolicyPos
	}
	if own.ServiceRole == "" {
		own.ServiceRole = common.ServiceRole
	}
	return own
}

func (s stackReader) value(n *node, path string) (Value, bool) {
	v := Value{Pos: n.pos}
	switch n.kind {
	case kindSequence:
		items := make([]string, len(n.items))
		for i, item := range n.items {
			items[i] = item.value()
		}
		v.Literal = strings.Join(items, ",")
	case kindMapping:
		output := n.get("output")
		if output == nil {
			return v, false
		}
		v.Output = &OutputRef{}
		v.Output.Stack, v.Output.Output, _ = strings.Cut(output.text, ".")
		return v, s.earlier(output, v.Output.Stack, path)
	default:
		v.Literal = n.text
	}
	return v, true
}

// earlier reports an output of a target that is not before this one.
func (s stackReader) earlier(n *node, stack, path string) bool {
	at := slices.Index(s.all, stack)
	switch {
	case at >= 0 && at < s.index:
		return true
	case at == s.index:
		s.add(n.pos, "only targets earlier in release have outputs by then", "%s takes an output of its own stack, %s", path, shown(n.text))
	case at > s.index:
		s.add(n.pos, "move "+stack+" before "+s.all[s.index]+" in release", "%s takes %s, an output of a later target", path, shown(n.text))
	default:
		before := slices.DeleteFunc(slices.Clone(s.all[:s.index]), func(k string) bool { return k == "" })
		suggestion := "no target comes before this one"
		if len(before) > 0 {
			suggestion = didYouMean(stack, before, "earlier targets")
		}
		s.add(n.pos, suggestion, "%s takes %s, but release has no target %s", path, shown(n.text), shown(stack))
	}
	return false
}
