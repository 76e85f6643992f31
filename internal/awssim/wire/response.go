package wire

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Raw is a response a handler has written itself. A zero Status is 200. When Node is set it is the body.
type Raw struct {
	Status int
	Header map[string]string
	Body   []byte
	Node   *Node
}

// JSONBody returns a Raw with a JSON tree as its body, for rest-json operations that answer with a status other than 200.
func JSONBody(status int, v any) *Raw {
	return &Raw{Status: status, Body: encodeJSON(v), Header: map[string]string{"Content-Type": "application/json"}}
}

// Response is what goes on the wire.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Dialect is what a response must know of its request and service.
type Dialect struct {
	Protocol    Protocol
	Operation   string
	Namespace   string            // XML name space of the query protocols
	Items       map[string]string // XML name of the elements of a list, by the name of the list
	ContentType string            // of the request; awsJson answers in the same version
	RequestID   string
	Wraps       bool // errors of restXml stand in an ErrorResponse, as everywhere but in S3
}

// Encode writes the output of a handler.
func (d Dialect) Encode(out any) *Response {
	if raw, ok := out.(*Raw); ok {
		return d.raw(raw)
	}
	r := d.response(200)
	switch d.Protocol {
	case Query:
		result := tree(d.Operation+"Result", orEmpty(out), "member", d.Items)
		doc := El(d.Operation+"Response", result, El("ResponseMetadata", Leaf("RequestId", d.RequestID)))
		r.Body = doc.With("xmlns", d.Namespace).Document()
	case EC2Query:
		doc := tree(d.Operation+"Response", orEmpty(out), "item", d.Items)
		doc.Children = append([]*Node{Leaf("requestId", d.RequestID)}, doc.Children...)
		r.Body = doc.With("xmlns", d.Namespace).Document()
	case RestXML:
		r.Body = nil
		if out != nil {
			doc := tree(d.Operation+"Result", out, "member", d.Items)
			r.Body = doc.With("xmlns", d.Namespace).Document()
		}
	case CBOR:
		r.Body = EncodeCBOR(orEmpty(out))
	default:
		r.Body = encodeJSON(orEmpty(out))
	}
	return r
}

func orEmpty(out any) any {
	if out == nil {
		return Object{}
	}
	return out
}

func (d Dialect) raw(raw *Raw) *Response {
	r := d.response(raw.Status)
	if raw.Status == 0 {
		r.Status = 200
	}
	r.Body = raw.Body
	if raw.Node != nil {
		r.Body = raw.Node.Document()
	}
	for k, v := range raw.Header {
		r.Header.Set(k, v)
	}
	return r
}

func (d Dialect) response(status int) *Response {
	h := http.Header{}
	h.Set("X-Amzn-Requestid", d.RequestID)
	switch d.Protocol {
	case Query, EC2Query:
		h.Set("Content-Type", "text/xml")
	case RestXML:
		h.Set("Content-Type", "application/xml")
		h.Set("X-Amz-Request-Id", d.RequestID)
	case CBOR:
		h.Set("Content-Type", "application/cbor")
		h.Set("Smithy-Protocol", "rpc-v2-cbor")
	case RestJSON:
		h.Set("Content-Type", "application/json")
	default:
		h.Set("Content-Type", "application/x-amz-json-1.1")
		if d.ContentType == "application/x-amz-json-1.0" {
			h.Set("Content-Type", d.ContentType)
		}
	}
	return &Response{Status: status, Header: h}
}

// EncodeError writes an error in the dialect.
func (d Dialect) EncodeError(e *Error) *Response {
	r := d.response(e.Status)
	if e.Status == 0 {
		r.Status = 400
	}
	for k, v := range e.Header {
		r.Header.Set(k, v)
	}
	code, message := Leaf("Code", e.Code), Leaf("Message", e.Message)
	switch d.Protocol {
	case Query:
		inner := El("Error", Leaf("Type", e.Fault()), code, message)
		r.Body = El("ErrorResponse", inner, Leaf("RequestId", d.RequestID)).With("xmlns", d.Namespace).Document()
	case EC2Query:
		r.Body = El("Response", El("Errors", El("Error", code, message)), Leaf("RequestID", d.RequestID)).Document()
	case RestXML:
		if d.Wraps {
			r.Body = El("ErrorResponse", El("Error", code, message), Leaf("RequestId", d.RequestID)).Document()
			break
		}
		doc := El("Error", code, message)
		for _, k := range e.Members.Keys() {
			doc.Children = append(doc.Children, Leaf(k, e.Members[k]))
		}
		doc.Children = append(doc.Children, Leaf("RequestId", d.RequestID), Leaf("HostId", "simulated"))
		r.Body = doc.Document()
	default:
		d.modelledError(r, e)
	}
	return r
}

func (d Dialect) modelledError(r *Response, e *Error) {
	body := Object{}
	for k, v := range e.Members {
		body[k] = v
	}
	body["message"] = e.Message
	if e.QueryCode != "" {
		r.Header.Set("X-Amzn-Query-Error", e.QueryCode+";"+e.Fault())
	}
	switch d.Protocol {
	case CBOR:
		body["__type"] = e.Code
		r.Body = EncodeCBOR(body)
		return
	case RestJSON:
		r.Header.Set("X-Amzn-Errortype", e.Code)
	default:
		body["__type"] = "com.amazonaws.simulated#" + e.Code
	}
	body["Message"] = e.Message
	r.Body = encodeJSON(body)
}

// encodeJSON writes a tree as JSON: times as seconds, bytes as base64, nil members left out.
func encodeJSON(v any) []byte {
	b, err := json.Marshal(jsonTree(v))
	if err != nil {
		return []byte("{}") // unreachable for trees: only channels, functions and cycles fail, and NaN is text by then
	}
	return b
}

func jsonTree(v any) any {
	switch v := v.(type) {
	case time.Time:
		return json.RawMessage(strconv.FormatFloat(float64(v.UnixMilli())/1000, 'f', -1, 64))
	case float64:
		if v != v || v > 1e308 || v < -1e308 {
			return Text(v)
		}
		return v
	}
	if o := AsObject(v); o != nil {
		out := make(map[string]any, len(o))
		for k, e := range o {
			if e != nil {
				out[k] = jsonTree(e)
			}
		}
		return out
	}
	if list, ok := Items(v); ok {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = jsonTree(e)
		}
		return out
	}
	return v
}
