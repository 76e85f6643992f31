package secretsmanager

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

const current, previous = "AWSCURRENT", "AWSPREVIOUS"

// addVersion adds a value (SecretString or SecretBinary) to Private["Versions"] under labels, AWSCURRENT by default. Labels
// leave the version that had them; the one that was current becomes the previous one.
func addVersion(w *core.World, r *store.Resource, value map[string]any, id string, labels []string) {
	if id == "" {
		id = w.IDs.UUID("secret-version", r.ID)
	}
	if len(labels) == 0 {
		labels = []string{current}
	}
	versions, _ := wire.Items(r.Private["Versions"])
	if slices.Contains(labels, current) && len(versions) > 0 {
		for _, e := range versions {
			v := wire.AsObject(e)
			had := v.Strings("Stages")
			keep := slices.DeleteFunc(slices.Clone(had), func(s string) bool { return s == previous || slices.Contains(labels, s) })
			if slices.Contains(had, current) {
				keep = append(keep, previous)
			}
			v["Stages"] = list(keep)
		}
	}
	entry := map[string]any{"VersionId": id, "Stages": list(labels), "CreatedDate": w.Clock.Now()}
	for k, v := range value {
		entry[k] = v
	}
	r.Private["Versions"] = append(versions, entry)
}

func list(texts []string) []any {
	out := []any{}
	for _, t := range texts {
		out = append(out, t)
	}
	return out
}

// stages is the labels of every version that has some.
func stages(r store.Resource) any {
	out := core.Out{}
	versions, _ := wire.Items(r.Private["Versions"])
	for _, e := range versions {
		if v := wire.AsObject(e); len(v.List("Stages")) > 0 {
			out[v.String("VersionId")] = v["Stages"]
		}
	}
	return out
}

// version finds a version by id or by label.
func version(r store.Resource, id, label string) (wire.Object, error) {
	if id == "" && label == "" {
		label = current
	}
	versions, _ := wire.Items(r.Private["Versions"])
	for _, e := range versions {
		v := wire.AsObject(e)
		if (id == "" || v.String("VersionId") == id) && (label == "" || slices.Contains(v.Strings("Stages"), label)) {
			return v, nil
		}
	}
	if label != "" {
		return nil, wire.Errorf(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: %s", label)
	}
	return nil, wire.Errorf(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for VersionId: %s", id)
}

func presentValue(r store.Resource, v wire.Object) core.Out {
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"], "VersionId": v["VersionId"], "VersionStages": v["Stages"],
		"SecretString": v["SecretString"], "SecretBinary": v["SecretBinary"], "CreatedDate": v["CreatedDate"]}
}

func getSecretValue(c *core.Call) (any, error) {
	r, err := alive(c)
	if err != nil {
		return nil, err
	}
	v, err := version(r, c.In.String("VersionId"), c.In.String("VersionStage"))
	if err != nil {
		return nil, err
	}
	return presentValue(r, v), nil
}

func batchGetSecretValue(c *core.Call) (any, error) {
	values, failed := []any{}, []any{}
	for _, id := range c.In.Strings("SecretIdList") {
		one := *c
		one.In = wire.Object{"SecretId": id}
		out, err := getSecretValue(&one)
		if err != nil {
			failed = append(failed, core.Out{"SecretId": id, "ErrorCode": core.Code(err), "Message": strings.TrimPrefix(err.Error(), core.Code(err)+": ")})
			continue
		}
		values = append(values, out)
	}
	return core.Out{"SecretValues": values, "Errors": failed}, nil
}

func listVersions(c *core.Call) (any, error) {
	r, err := secret(c)
	if err != nil {
		return nil, err
	}
	out := []any{}
	versions, _ := wire.Items(r.Private["Versions"])
	for _, e := range versions {
		v := wire.AsObject(e)
		if len(v.List("Stages")) > 0 || c.In.Bool("IncludeDeprecated") {
			out = append(out, core.Out{"VersionId": v["VersionId"], "VersionStages": v["Stages"], "CreatedDate": v["CreatedDate"]})
		}
	}
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"], "Versions": out}, nil
}

// generate makes a password as GetRandomPassword does and puts it into the template, if there is one.
func generate(w *core.World, r *store.Resource, rule wire.Object) (string, error) {
	template, key := rule.String("SecretStringTemplate"), rule.String("GenerateStringKey")
	if (template == "") != (key == "") {
		return "", invalidRequest("You must specify both SecretStringTemplate and GenerateStringKey, or neither.")
	}
	password, err := password(w, r, rule)
	if err != nil || template == "" {
		return password, err
	}
	doc, ok := shape.ParseDocument(template)
	if !ok {
		return "", invalidRequest("The SecretStringTemplate is not a JSON object.")
	}
	doc[key] = password
	return shape.Document(doc), nil
}

func password(w *core.World, r *store.Resource, rule wire.Object) (string, error) {
	var classes []string
	for _, class := range [][2]string{
		{"ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz"}, {"ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, {"ExcludeNumbers", "0123456789"},
		{"ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
	} {
		usable := strings.Map(func(c rune) rune {
			if strings.ContainsRune(rule.String("ExcludeCharacters"), c) {
				return -1
			}
			return c
		}, class[1])
		if !rule.Bool(class[0]) && usable != "" {
			classes = append(classes, usable)
		}
	}
	if rule.Bool("IncludeSpace") {
		classes = append(classes, " ")
	}
	if len(classes) == 0 {
		return "", invalidRequest("The password has no characters left to be made of.")
	}
	length := rule.Int("PasswordLength", 32)
	all := strings.Join(classes, "")
	raw := w.IDs.Bytes(2*length, "password", r.Account, r.Region, wire.Text(r.Properties["Name"]))
	var b strings.Builder
	for i := range length {
		from := all
		if i < len(classes) {
			from = classes[i] // one of each class, which is what RequireEachIncludedType asks for
		}
		b.WriteByte(from[(int(raw[2*i])<<8|int(raw[2*i+1]))%len(from)])
	}
	return b.String(), nil
}
