package preflight

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/topology"
)

// Source is a template of the release as one Region gets it.
type Source struct {
	// Key names the target.
	Key      string
	Template *template.Template
	// Parameters are those whose value is known.
	Parameters map[string]string
}

// Place is the Region and account that the templates are for.
type Place struct{ Region, Account string }

// kind is a sort of thing a template can name.
type kind string

// The kinds.
const (
	certificate  kind = "certificate"
	key          kind = "key"
	secret       kind = "secret"
	parameter    kind = "parameter"
	image        kind = "image"
	machineImage kind = "machine image"
	instanceType kind = "instance type"
	object       kind = "object"
)

// need is one thing that must be there.
type need struct {
	kind kind
	name string
	// from is the first resource that names it.
	from string
}

// notUses are properties whose text grants or describes, and needs nothing:
// a policy may speak of keys and secrets that do not exist yet.
var notUses = map[string]bool{"AssumeRolePolicyDocument": true, "Description": true, "KeyPolicy": true, "Policies": true, "PolicyDocument": true,
	"Policy": true, "RepositoryPolicyText": true, "ResourcePolicy": true, "Tags": true}

// theirs are properties that name a key of the Region that something is copied to.
var theirs = map[string]bool{"AutomaticBackupReplicationKmsKeyId": true, "ReplicaKmsKeyID": true}

// regionProperties say of an object which Region it is about.
var regionProperties = []string{"Region", "RegionName"}

// containersOf are the types whose containers take secrets and parameters, and
// secretLists the properties in which they do.
var (
	containersOf = map[string]bool{"AWS::Batch::JobDefinition": true, "AWS::ECS::TaskDefinition": true}
	secretLists  = map[string]bool{"SecretOptions": true, "Secrets": true}
)

// nameProperties hold the names under which a template makes things.
var nameProperties = []string{"AliasName", "BucketName", "Name", "RepositoryName", "SecretName"}

var (
	arnOf          = regexp.MustCompile(`^arn:aws[a-z-]*:(acm|kms|secretsmanager):([a-z0-9-]+):([0-9]{12}):(certificate/|key/|alias/|secret:)(.+)$`)
	ecrImage       = regexp.MustCompile(`^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/[^:@\s]+(?:[:@]\S+)?$`)
	secretARN      = regexp.MustCompile(`^(?:[^:]*:){6}[^:]*`) // without the key, stage and version that a container may ask for
	storedName     = regexp.MustCompile(`^([A-Za-z0-9_.-]+|(/[A-Za-z0-9_.-]+)+)$`)
	secretSuffix   = regexp.MustCompile(`-[A-Za-z0-9]{6}$`) // Secrets Manager adds it to the name
	amiID          = regexp.MustCompile(`^ami-[0-9a-f]{8,17}$`)
	dynamicSSM     = regexp.MustCompile(`\{\{resolve:ssm(?:-secure)?:([A-Za-z0-9_./-]+)(?::[0-9]+)?\}\}`)
	dynamicSecret  = regexp.MustCompile(`\{\{resolve:secretsmanager:([^:{}]+)(?::[^{}]*)?\}\}`)
	dynamicByARN   = regexp.MustCompile(`\{\{resolve:secretsmanager:(arn:[^:]+:secretsmanager:[^:]+:[0-9]{12}:secret:[^:{}]+)(?::[^{}]*)?\}\}`)
	machineOf      = map[string]bool{"AWS::EC2::Instance": true, "AWS::EC2::LaunchTemplate": true}
	kindsByService = map[string]kind{"acm": certificate, "kms": key, "secretsmanager": secret}
)

// seeker collects what the templates of a release need in one Region.
type seeker struct {
	place Place
	found map[need]string // from, by kind and name
	made  map[string]bool // names the release makes itself
}

// needs are what the templates name and do not make, sorted.
func needs(place Place, sources []Source) []need {
	s := &seeker{place: place, found: map[need]string{}, made: map[string]bool{}}
	for _, source := range sources {
		place.each(source, s.resource)
	}
	var list []need
	for n, from := range s.found {
		if !s.isMade(n) {
			n.from = from
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b need) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name)) })
	return list
}

// isMade reports whether a template of the release makes the thing itself, by
// whatever name it is spoken of.
func (s *seeker) isMade(n need) bool {
	own := n.name
	switch n.kind {
	case key:
		if at := strings.Index(own, ":alias/"); at >= 0 {
			own = own[at+1:]
		}
	case secret:
		if _, name, found := strings.Cut(own, ":secret:"); found {
			own = name
		}
	case image:
		_, own, _ = strings.Cut(own, "/")
		if at := strings.IndexAny(own, ":@"); at >= 0 {
			own = own[:at]
		}
	case object:
		own, _, _ = strings.Cut(own, "/") // a bucket that is still to be made is empty
	}
	return s.made[own] || n.kind == parameter && s.made["/"+own] || n.kind == secret && s.made[secretSuffix.ReplaceAllString(own, "")]
}

// resource looks at what one resource names, and at the names that it makes.
func (s *seeker) resource(from, kind string, properties map[string]any) {
	for _, name := range nameProperties {
		if text, ok := properties[name].(string); ok {
			s.made[text] = true
		}
	}
	if machineOf[kind] {
		s.machine(from, properties)
	}
	if containersOf[kind] {
		s.containers(from, properties)
	}
	s.walk(from, properties, true)
}

// each visits the resources that a template would make in a place, as far as their
// properties are known here.
func (p Place) each(source Source, visit func(from, kind string, properties map[string]any)) {
	known := maps.Clone(source.Parameters)
	if known == nil {
		known = map[string]string{}
	}
	for name, p := range source.Template.Parameters {
		if _, given := known[name]; !given && p.Default == nil {
			known[name] = "${Unknown:" + name + "}" // it comes from an earlier target
		}
	}
	e, err := source.Template.Evaluator(template.Scope{Region: p.Region, AccountID: p.Account, StackName: source.Key, Parameters: known, MaskNoEcho: true})
	if err != nil {
		return // a value that is not known yet does not fit its pattern: CloudFormation will judge
	}
	for _, id := range slices.Sorted(maps.Keys(e.Template().Resources)) {
		included, err := e.Included(id)
		if err != nil || !included {
			continue
		}
		properties, err := e.Properties(id)
		if err != nil {
			continue // it rests on what is not known here
		}
		visit(source.Key+"/"+id, e.Template().Resources[id].Type, properties)
	}
}

func (s *seeker) add(k kind, name, from string) {
	if _, known := s.found[need{kind: k, name: name}]; !known {
		s.found[need{kind: k, name: name}] = from
	}
}

// machine notes the instance type of an instance or launch template.
func (s *seeker) machine(from string, properties map[string]any) {
	data := properties
	if inner, ok := properties["LaunchTemplateData"].(map[string]any); ok {
		data = inner
	}
	if text, ok := data["InstanceType"].(string); ok && !strings.ContainsAny(text, "${}") {
		s.add(instanceType, text, from)
	}
}

// containers notes what the containers of a resource take from the Parameter Store.
func (s *seeker) containers(from string, value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			s.containers(from, item)
		}
	case map[string]any:
		for name, inner := range v {
			list, ok := inner.([]any)
			if !ok || !secretLists[name] {
				s.containers(from, inner)
				continue
			}
			for _, item := range list {
				taken, _ := item.(map[string]any)
				s.stored(from, taken["ValueFrom"])
			}
		}
	}
}

// stored notes a parameter by its name or by its ARN in this Region, which leaves out
// the slash that a name of parts begins with.
func (s *seeker) stored(from string, value any) {
	text, _ := value.(string)
	name, byARN := strings.CutPrefix(text, "arn:"+topology.Partition(s.place.Region)+":ssm:"+s.place.Region+":"+s.place.Account+":parameter/")
	if byARN && strings.Contains(name, "/") {
		name = "/" + name
	}
	if storedName.MatchString(name) {
		s.add(parameter, name, from)
	}
}

// walk looks at every text of a value. What it says by name alone is said of another
// Region unless here.
func (s *seeker) walk(from string, value any, here bool) {
	switch v := value.(type) {
	case string:
		s.text(from, v)
	case []any:
		for _, item := range v {
			s.walk(from, item, here)
		}
	case map[string]any:
		bucket, inBucket := v["S3Bucket"].(string)
		if k, ok := v["S3Key"].(string); ok && inBucket && !strings.ContainsAny(bucket+k, "${}") {
			s.add(object, bucket+"/"+k, from)
		}
		here = here && s.place.isMeant(v)
		for name, inner := range v {
			if notUses[name] {
				continue
			}
			if here && !theirs[name] {
				s.alias(from, name, inner)
			}
			s.walk(from, inner, here)
		}
	}
}

// isMeant reports whether an object is about this Region, as one is that names none:
// replicas are described where the original is, with the names that they have at home.
func (p Place) isMeant(object map[string]any) bool {
	return !slices.ContainsFunc(regionProperties, func(property string) bool {
		region, named := object[property].(string)
		return named && region != p.Region
	})
}

// alias notes what only the name of a property makes a thing: an alias of a key, but
// for those of AWS, which are made when they are first used.
func (s *seeker) alias(from, property string, value any) {
	text, ok := value.(string)
	if ok && strings.Contains(strings.ToLower(property), "kms") && !strings.ContainsAny(text, "${}") &&
		strings.HasPrefix(text, "alias/") && !strings.HasPrefix(text, "alias/aws/") {
		s.add(key, text, from)
	}
}

func (s *seeker) text(from, text string) {
	if m := arnOf.FindStringSubmatch(text); m != nil && m[2] == s.place.Region && m[3] == s.place.Account {
		kind := kindsByService[m[1]]
		if kind == secret {
			text = secretARN.FindString(text)
		}
		s.add(kind, text, from)
		return
	}
	if m := ecrImage.FindStringSubmatch(text); m != nil && m[1] == s.place.Account && m[2] == s.place.Region {
		s.add(image, text, from)
		return
	}
	if amiID.MatchString(text) {
		s.add(machineImage, text, from)
		return
	}
	for _, m := range dynamicSSM.FindAllStringSubmatch(text, -1) {
		s.add(parameter, m[1], from)
	}
	for _, m := range dynamicByARN.FindAllStringSubmatch(text, -1) {
		s.add(secret, m[1], from)
	}
	for _, m := range dynamicSecret.FindAllStringSubmatch(text, -1) {
		if m[1] != "arn" {
			s.add(secret, m[1], from)
		}
	}
}
