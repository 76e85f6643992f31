package awssim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/goccy/go-yaml"
)

// controlPrefix is where another process scripts the simulator:
//
//	GET    /_lockstep/            what this is
//	POST   /_lockstep/faults      one fault or a list of them, JSON or YAML; answers their ids
//	GET    /_lockstep/faults      the faults in force
//	DELETE /_lockstep/faults[/ID] takes one or all out of force
//	POST   /_lockstep/edits       one Edit, JSON or YAML: changes a live resource behind everybody's back, at once
//	POST   /_lockstep/reset       takes the cloud back to its start and all faults out of force
//	GET    /_lockstep/calls       the ledger: {"calls":[...],"counts":[...]}
//	DELETE /_lockstep/calls       empties the ledger only
const controlPrefix = "/_lockstep/"

func (c *Cloud) control(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, controlPrefix)
	what, id, _ := strings.Cut(path, "/")
	switch r.Method + " " + what {
	case "GET ":
		reply(w, 200, map[string]any{"simulation": true, "message": Banner})
	case "POST faults":
		c.controlFail(w, r)
	case "GET faults":
		reply(w, 200, map[string]any{"faults": c.faults.List()})
	case "DELETE faults":
		if id == "" {
			c.ClearFaults()
		} else if !c.Heal(id) {
			reply(w, 404, map[string]any{"error": "no fault " + id})
			return
		}
		reply(w, 200, map[string]any{"faults": c.faults.List()})
	case "POST edits":
		c.controlEdit(w, r)
	case "POST reset":
		c.ClearFaults()
		if err := c.Reset(); err != nil {
			reply(w, 500, map[string]any{"error": err.Error()})
			return
		}
		reply(w, 200, map[string]any{"reset": true})
	case "GET calls":
		reply(w, 200, map[string]any{"calls": c.Calls(), "counts": c.Counts()})
	case "DELETE calls":
		c.ledger.reset()
		reply(w, 200, map[string]any{"calls": []Entry{}})
	default:
		reply(w, 404, map[string]any{"error": "no " + r.Method + " " + r.URL.Path})
	}
}

func (c *Cloud) controlFail(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		reply(w, 400, map[string]any{"error": err.Error()})
		return
	}
	faults, err := readFaults(body)
	if err != nil {
		reply(w, 400, map[string]any{"error": err.Error()})
		return
	}
	ids := []string{}
	for _, f := range faults {
		id, err := c.Fail(f)
		if err != nil {
			reply(w, 400, map[string]any{"error": err.Error(), "ids": ids})
			return
		}
		ids = append(ids, id)
	}
	reply(w, 200, map[string]any{"ids": ids})
}

func (c *Cloud) controlEdit(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var e Edit
	if err == nil {
		err = yaml.UnmarshalWithOptions(body, &e, yaml.Strict())
	}
	if err == nil {
		err = c.Edit(e)
	}
	if err != nil {
		reply(w, 400, map[string]any{"error": err.Error()})
		return
	}
	reply(w, 200, map[string]any{"edited": e.ID})
}

// readFaults reads one fault or a list of them; JSON is YAML. Unknown keys are errors.
func readFaults(doc []byte) ([]Fault, error) {
	if len(bytes.TrimSpace(doc)) == 0 {
		return nil, errors.New("read fault: the body is empty")
	}
	var list []Fault
	if yaml.UnmarshalWithOptions(doc, &list, yaml.Strict()) == nil {
		return list, nil
	}
	var one Fault
	if err := yaml.UnmarshalWithOptions(doc, &one, yaml.Strict()); err != nil {
		return nil, err
	}
	return []Fault{one}, nil
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller has gone; there is nobody to tell
}
