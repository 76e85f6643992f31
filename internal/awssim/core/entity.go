package core

import (
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Entity makes the usual operations of a service from the kind of one resource: its methods are handlers.
type Entity struct {
	Type    string
	ID      func(*Call) string                             // the identifier that a request names
	Missing func(*Call) error                              // when there is no such resource
	Exists  string                                         // code of the error when there is one already; default ConflictException
	Show    func(*Call, store.Resource) Out                // the resource in the names of the API
	Take    func(*Call) (map[string]any, error)            // the properties that a request sets, in CloudFormation's names
	Tags    string                                         // member of a creation that holds tags; default Tags
	Wrap    string                                         // member of answers that holds the resource; empty: the answer is the resource
	Made    func(*Call, store.Resource) Out                // answer of a creation; default as Get
	Changed func(*Call, store.Resource) Out                // answer of a change; default as Get
	Status  int                                            // of the answer to a creation; default the protocol's own
	Among   func(*Call, []store.Resource) []store.Resource // what a list is about; default all
	Brief   func(*Call, store.Resource) any                // an element of a list; default Show
}

// Find returns the resource that a request names.
func (e Entity) Find(c *Call) (store.Resource, error) {
	r, ok := c.Get(e.Type, e.ID(c))
	if !ok {
		return r, e.Missing(c)
	}
	return r, nil
}

func (e Entity) answer(c *Call, r store.Resource, special func(*Call, store.Resource) Out) Out {
	if special != nil {
		return special(c, r)
	}
	if e.Wrap != "" {
		return Out{e.Wrap: e.Show(c, r)}
	}
	return e.Show(c, r)
}

// Get answers with the resource.
func (e Entity) Get(c *Call) (any, error) {
	r, err := e.Find(c)
	if err != nil {
		return nil, err
	}
	return e.answer(c, r, nil), nil
}

// Create makes a resource of what the request sets.
func (e Entity) Create(c *Call) (any, error) {
	given, err := e.Take(c)
	if err != nil {
		return nil, err
	}
	member := e.Tags
	if member == "" {
		member = "Tags"
	}
	r, err := c.Create(e.Type, given, Tags(c.In[member]))
	if Code(err) == "AlreadyExists" {
		code := e.Exists
		if code == "" {
			code = "ConflictException"
		}
		return nil, wire.Errorf(409, code, "%s already exists.", e.ID(c))
	}
	if err != nil {
		return nil, err
	}
	out := e.answer(c, r, e.Made)
	if e.Status != 0 {
		return wire.JSONBody(e.Status, out), nil
	}
	return out, nil
}

// Update changes what the request sets.
func (e Entity) Update(c *Call) (any, error) {
	r, err := e.Find(c)
	if err != nil {
		return nil, err
	}
	given, err := e.Take(c)
	if err != nil {
		return nil, err
	}
	if r, err = c.Update(e.Type, r.ID, given); err != nil {
		return nil, err
	}
	return e.answer(c, r, e.Changed), nil
}

// Patch is a handler that changes the properties that change works out.
func (e Entity) Patch(change func(*Call, store.Resource) (map[string]any, error)) Handler {
	return func(c *Call) (any, error) {
		r, err := e.Find(c)
		if err != nil {
			return nil, err
		}
		patch, err := change(c, r)
		if err != nil {
			return nil, err
		}
		if r, err = c.Update(e.Type, r.ID, patch); err != nil {
			return nil, err
		}
		return e.answer(c, r, e.Changed), nil
	}
}

// Delete removes the resource; status is that of the answer, 0 for the protocol's own.
func (e Entity) Delete(status int) Handler {
	return func(c *Call) (any, error) {
		r, err := e.Find(c)
		if err != nil {
			return nil, err
		}
		if err := c.Delete(e.Type, r.ID); err != nil {
			return nil, err
		}
		if status != 0 {
			return &wire.Raw{Status: status}, nil
		}
		return nil, nil
	}
}

// Page says how a service cuts its lists.
type Page struct {
	Size          int    // of a page when the request does not say
	Token, Next   string // members of request and answer; default NextToken
	Max           string // member of the request; default MaxResults
	CodeOfInvalid string // of a token that cannot be read; default ValidationException
}

// List is a handler that answers with a page of the resources under a name.
func (e Entity) List(name string, p Page) Handler {
	return func(c *Call) (any, error) {
		list := c.List(e.Type)
		if e.Among != nil {
			list = e.Among(c, list)
		}
		elements := make([]any, len(list))
		for i, r := range list {
			if e.Brief != nil {
				elements[i] = e.Brief(c, r)
			} else {
				elements[i] = e.Show(c, r)
			}
		}
		return p.Cut(c, name, elements)
	}
}

// Cut answers with the page of a list that the request asks for.
func (p Page) Cut(c *Call, name string, list []any) (any, error) {
	token, next, size := p.Token, p.Next, p.Max
	if token == "" {
		token = "NextToken"
	}
	if next == "" {
		next = token
	}
	if size == "" {
		size = "MaxResults"
	}
	part, following, err := Paginate(list, c.In.String(token), c.In.Int(size, max(p.Size, 1)))
	if err != nil && p.CodeOfInvalid != "" {
		return nil, wire.Errorf(400, p.CodeOfInvalid, "The specified token is invalid.")
	}
	return Out{name: part, next: following}, err
}

// Merge lays members over others; both stay as they are.
func Merge(under, over map[string]any) Out {
	out := Out(maps.Clone(under))
	if out == nil {
		out = Out{}
	}
	maps.Copy(out, over)
	return out
}
