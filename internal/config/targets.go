package config

import (
	"maps"
	"strconv"
	"strings"
)

// Function is the code of a Lambda function behind an alias.
type Function struct {
	// Key is "lambda/" and the function's name in the reference Region.
	Key string
	// Name, Image and Bucket are by Region; Image and Bucket may be empty.
	Name, Image, Bucket map[string]string
	Alias               string
	// Zip is a clean slash-separated path below the working directory; empty: Image is set.
	Zip         string
	Provisioned int
	Pos         Position
}

// Service is the images of an ECS service.
type Service struct {
	// Key is "ecs/" and the service's name in the reference Region.
	Key string
	// Cluster and Name are by Region.
	Cluster, Name map[string]string
	// Images are by container, then by Region.
	Images map[string]map[string]string
	Pos    Position
}

// Command is a program of the team's.
type Command struct {
	// Key is "command/" and its name.
	Key                           string
	Run, DryRun, Verify, Rollback []string
	// Dir is a clean path below the working directory; empty: that itself.
	Dir string
	// Env is by Region, then by name.
	Env map[string]map[string]string
	Pos Position
}

func (b *builder) function(n *node, path string) *Function {
	f := &Function{
		Name: texts(b.each(n.get("function"), path+".function")), Image: texts(b.each(n.get("image"), path+".image")),
		Bucket: texts(b.each(n.get("bucket"), path+".bucket")), Alias: n.get("alias").value(), Pos: n.pos,
	}
	f.Key = "lambda/" + f.Name[b.reference]
	if zip := n.get("zip"); zip != nil {
		f.Zip = cleanPath(zip.text)
	}
	f.Provisioned, _ = strconv.Atoi(n.get("provisioned").value()) // the format was checked
	if n.has("zip") == n.has("image") {
		b.add(n.pos, "give it a zip or an image", "%s needs exactly one of zip and image", path)
	}
	b.ownRegion(n.get("image"), path+".image")
	return f
}

// ownRegion warns of an image that lies in another Region: what runs it would
// need that Region to start and to scale.
func (b *builder) ownRegion(n *node, path string) {
	if n == nil {
		return
	}
	quiet := builder{problems: &problems{}, regions: b.regions, reference: b.reference} // what lacks was said
	for region, image := range quiet.each(n, path) {
		_, rest, ecr := strings.Cut(image.text, ".dkr.ecr.")
		if where, _, found := strings.Cut(rest, "."); ecr && found && where != region {
			b.warnings.add(image.pos, "replicate the image and name the Region's own repository",
				"%s of %s lies in %s: losing that Region takes it away", path, region, where)
		}
	}
}

func (b *builder) service(n *node, path string) *Service {
	s := &Service{
		Cluster: texts(b.each(n.get("cluster"), path+".cluster")), Name: texts(b.each(n.get("service"), path+".service")),
		Images: map[string]map[string]string{}, Pos: n.pos,
	}
	s.Key = "ecs/" + s.Name[b.reference]
	for _, e := range n.get("images").goodEntries() {
		s.Images[e.key] = texts(b.each(e.value, path+".images."+e.key))
		b.ownRegion(e.value, path+".images."+e.key)
	}
	return s
}

// Site is static files in a bucket of each Region.
type Site struct {
	// Key is "s3/", the bucket in the reference Region, and the prefix.
	Key    string
	Bucket map[string]string // by Region
	Prefix string
	// Dir is a clean path below the working directory.
	Dir string
	Pos Position
}

func (b *builder) site(n *node, path string) *Site {
	s := &Site{Bucket: texts(b.each(n.get("bucket"), path+".bucket")), Prefix: n.get("prefix").value(), Dir: cleanPath(n.get("dir").value()), Pos: n.pos}
	s.Key = strings.TrimSuffix("s3/"+s.Bucket[b.reference]+"/"+s.Prefix, "/")
	user := map[string]string{}
	for _, region := range sortedKeys(s.Bucket) {
		if first, taken := user[s.Bucket[region]]; taken {
			b.add(n.get("bucket").pos, "name a bucket in each Region", "%s.bucket %s is that of %s and of %s: a bucket lies in one Region", path, s.Bucket[region], first, region)
			break
		}
		user[s.Bucket[region]] = region
	}
	return s
}

// has reports whether a key was given, right or wrong.
func (n *node) has(key string) bool {
	for _, e := range n.entries {
		if e.key == key {
			return true
		}
	}
	return false
}

func (b *builder) command(n *node, path string) *Command {
	c := &Command{
		Key: "command/" + n.get("name").value(), Run: n.get("run").words(), DryRun: n.get("dry-run").words(),
		Verify: n.get("verify").words(), Rollback: n.get("rollback").words(), Env: map[string]map[string]string{}, Pos: n.pos,
	}
	if dir := n.get("dir"); dir != nil {
		c.Dir = cleanPath(dir.text)
	}
	common := map[string]string{}
	for _, e := range n.get("env").goodEntries() {
		common[e.key] = e.value.text
	}
	for _, region := range b.regions {
		c.Env[region] = maps.Clone(common)
	}
	for _, e := range n.get("regions").goodEntries() {
		if !b.known(e, path+".regions") {
			continue
		}
		for _, own := range e.value.get("env").goodEntries() {
			c.Env[e.key][own.key] = own.value.text
		}
	}
	return c
}

// words are the texts of a list.
func (n *node) words() []string {
	var words []string
	for _, item := range n.goodItems() {
		words = append(words, item.text)
	}
	return words
}

// uniqueKeys reports two targets of one kind and name: the ledger keeps what
// belongs to a target under its name.
func (b *builder) uniqueKeys(targets []Target) {
	first := map[string]Position{}
	for _, t := range targets {
		if t.CloudFormation != nil {
			continue // by uniqueNames
		}
		if at, taken := first[t.Key()]; taken {
			b.add(t.Pos, "give each a name of its own", "%s is already the target on line %d", t.Key(), at.Line)
			continue
		}
		first[t.Key()] = t.Pos
	}
}

func verifyCount(n *node) (message, suggestion string) {
	if count, err := strconv.Atoi(n.text); err != nil || count < 1 || count > 100_000 {
		return "is " + n.text, "write a number from 1 to 100000"
	}
	return "", ""
}
