package core

import (
	"cmp"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Listing is an operation that describes all resources of a type, page by page, or the one a request names; List is the
// handler. Change is the handler of the operation that changes one.
type Listing struct {
	Type    string
	ID      string // member of requests that names one; its case does not matter
	Member  string // of the answer, with the list
	One     string // of the answer to a change; empty: there is nothing in it
	Missing string // code of the error for one that does not exist
	Token   string // member of requests and answers with the place to go on from; default Marker
	Next    string // of answers, when it is not Token
	Size    string // member of requests with the size of a page; default MaxRecords
	Show    func(*Call, store.Resource) any

	// Settings are the members of a change by the property they set; "Member:Property" where the names differ.
	Settings []string
	// Adjust changes what is going to be set; nil for nothing.
	Adjust func(*Call, map[string]any)
	Code   int // status of the error for one that does not exist; default 404
}

// Find is the resource that a request names.
func (l Listing) Find(c *Call) (store.Resource, error) {
	id := c.In.String(l.ID)
	for _, r := range c.List(l.Type) {
		if strings.EqualFold(r.ID, id) || strings.EqualFold(wire.Text(r.Attributes["Arn"]), id) {
			return r, nil
		}
	}
	return store.Resource{}, wire.Errorf(cmp.Or(l.Code, 404), l.Missing, "%s %s not found.", strings.ToLower(shape.Last(l.Type, "::")), id)
}

// List answers with a page.
func (l Listing) List(c *Call) (any, error) {
	all := c.List(l.Type)
	if c.In.String(l.ID) != "" {
		r, err := l.Find(c)
		if err != nil {
			return nil, err
		}
		all = []store.Resource{r}
	}
	token := cmp.Or(l.Token, "Marker")
	page, next, err := Paginate(all, c.In.String(token), c.In.Int(cmp.Or(l.Size, "MaxRecords"), 100))
	if err != nil {
		return nil, err
	}
	list := make([]any, len(page))
	for i, r := range page {
		list[i] = l.Show(c, r)
	}
	return Out{l.Member: list, cmp.Or(l.Next, token): next}, nil
}

// Get answers with one.
func (l Listing) Get(c *Call) (any, error) {
	r, err := l.Find(c)
	if err != nil {
		return nil, err
	}
	return l.answer(c, r), nil
}

// Change sets what a request gives.
func (l Listing) Change(c *Call) (any, error) {
	r, err := l.Find(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, setting := range l.Settings {
		member, property, renamed := strings.Cut(setting, ":")
		if !renamed {
			property = member
		}
		if !c.In.Has(member) {
			continue
		}
		patch[property] = shape.Plain(c.In[member])
		if wrapped := c.In.Object(member); len(wrapped) == 1 && len(c.In.Elements(member)) > 0 {
			patch[property] = shape.Plain(c.In.Elements(member))
		}
	}
	if l.Adjust != nil {
		l.Adjust(c, patch)
	}
	if r, err = c.Update(l.Type, r.ID, patch); err != nil {
		return nil, err
	}
	return l.answer(c, r), nil
}

// Remove deletes the one a request names.
func (l Listing) Remove(c *Call) (any, error) {
	r, err := l.Find(c)
	if err != nil {
		return nil, err
	}
	return l.answer(c, r), c.Delete(l.Type, r.ID)
}

func (l Listing) answer(c *Call, r store.Resource) any {
	shown := l.Show(c, r)
	if l.One == "" {
		return shown
	}
	return Out{l.One: shown}
}

// Renamed copies members that are present; "Old:New" renames them on the way.
func Renamed(from map[string]any, names ...string) Out {
	out := Out{}
	for _, name := range names {
		old, renamed, ok := strings.Cut(name, ":")
		if !ok {
			renamed = old
		}
		if v := from[old]; v != nil {
			out[renamed] = v
		}
	}
	return out
}

// Each makes a structure of one member of every element: {"VpcSecurityGroupId": "sg-1"} of "sg-1".
func Each(list []string, member string, more Out) []any {
	out := []any{}
	for _, v := range list {
		one := Out{member: v}
		for k, m := range more {
			one[k] = m
		}
		out = append(out, one)
	}
	return out
}
