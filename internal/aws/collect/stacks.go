package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// maskStack hides the secrets a stack carries as text: in its parameters and
// outputs by their names, and in its template. The template's digest is taken
// afterwards: it can be checked against the file, and tells nothing about a
// secret.
func maskStack(s *drift.Stack) {
	maskTexts(s.Parameters)
	maskTexts(s.Outputs)
	maskTexts(s.Tags)
	if s.Template == nil {
		return
	}
	maskDefaults(s.Template)
	s.Template = read.Mask().Tree(s.Template)
	data, err := json.Marshal(s.Template)
	if err != nil {
		return // a closed tree always encodes
	}
	sum := sha256.Sum256(data)
	s.TemplateDigest = "sha256:" + hex.EncodeToString(sum[:])
}

func maskTexts(texts map[string]string) {
	for name, value := range texts {
		if value != "" && read.Mask().Tree(map[string]any{name: value}).(map[string]any)[name] != value {
			texts[name] = drift.Redacted
		}
	}
}

// maskDefaults hides the defaults of parameters that are not echoed.
func maskDefaults(tree any) {
	root, _ := tree.(map[string]any)
	parameters, _ := root["Parameters"].(map[string]any)
	for _, p := range parameters {
		parameter, _ := p.(map[string]any)
		if noEcho := parameter["NoEcho"]; noEcho == true || noEcho == "true" {
			if _, ok := parameter["Default"]; ok {
				parameter["Default"] = drift.Redacted
			}
		}
	}
}

// locate tells resources where the repository declares them.
func (o Options) locate(s *drift.Snapshot) {
	parsed := map[string]*template.Template{}
	for key, source := range o.Sources {
		if t, err := template.Parse(source.Body); err == nil {
			parsed[key] = t // a file that does not parse has no positions
		}
	}
	for i := range s.Resources {
		r := &s.Resources[i]
		at := strings.LastIndexByte(r.Key, '/')
		t, ok := parsed[r.Key[:max(at, 0)]]
		if !ok {
			continue
		}
		if _, declared := t.Resources[r.Key[at+1:]]; !declared {
			continue // the file is not what is deployed
		}
		if p := t.Position("Resources/" + r.Key[at+1:]); p.Line > 0 {
			r.Location = &drift.Location{File: o.Sources[r.Key[:at]].File, Line: p.Line, Column: p.Column}
		}
	}
}
