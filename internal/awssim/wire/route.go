package wire

import (
	"net/url"
	"strings"
)

// Route binds an operation of a rest service to a method and a path such as /2015-03-31/functions/{FunctionName}.
// {Name} matches one segment, {Name+} as the last segment matches the rest. Query lists query parameters that must be
// present, as "name" or "name=value"; more of them make a route more specific. Path labels, query parameters and the JSON
// body all end up in the input, in this order of precedence.
type Route struct {
	Operation, Method, Path string
	Query                   []string
}

// Match finds the most specific route and adds path labels and query parameters to the input. It reports whether there
// is one; then the operation is set.
func (req *Request) Match(routes []Route) bool {
	path := strings.Split(strings.Trim(req.HTTP.URL.EscapedPath(), "/"), "/")
	query := req.HTTP.URL.Query()
	var best *Route
	var labels map[string]string
	score := -1
	for i := range routes {
		route := &routes[i]
		if route.Method != req.HTTP.Method || !route.matchesQuery(query) {
			continue
		}
		got, literal, ok := matchPath(strings.Split(strings.Trim(route.Path, "/"), "/"), path)
		if s := literal*16 + len(route.Query); ok && s > score {
			best, labels, score = route, got, s
		}
	}
	if best == nil {
		return false
	}
	req.Operation = best.Operation
	addQuery(req.Input, query)
	for name, value := range labels {
		req.Input[name] = value
	}
	return true
}

func (r *Route) matchesQuery(query url.Values) bool {
	for _, want := range r.Query {
		name, value, exact := strings.Cut(want, "=")
		if !query.Has(name) || exact && query.Get(name) != value {
			return false
		}
	}
	return true
}

func matchPath(pattern, path []string) (labels map[string]string, literal int, ok bool) {
	labels = map[string]string{}
	for i, p := range pattern {
		greedy := strings.HasPrefix(p, "{") && strings.HasSuffix(p, "+}")
		if i >= len(path) || path[i] == "" && !(p == "" && len(path) == 1) {
			return nil, 0, false
		}
		switch {
		case greedy:
			value, err := url.PathUnescape(strings.Join(path[i:], "/"))
			labels[p[1:len(p)-2]] = value
			return labels, literal, err == nil
		case strings.HasPrefix(p, "{"):
			value, err := url.PathUnescape(path[i])
			if err != nil {
				return nil, 0, false
			}
			labels[p[1:len(p)-1]] = value
		case p != path[i]:
			return nil, 0, false
		default:
			literal++
		}
	}
	return labels, literal, len(pattern) == len(path)
}

func addQuery(in Object, query url.Values) {
	for name, values := range query {
		if _, set := in[name]; set || len(values) == 0 {
			continue
		}
		if len(values) == 1 {
			in[name] = values[0]
			continue
		}
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		in[name] = list
	}
}

// Header returns a header of the request.
func (req *Request) Header(name string) string { return req.HTTP.Header.Get(name) }
