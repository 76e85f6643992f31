package wire

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// Protocol is the dialect of one request and of its response.
type Protocol string

// The protocols of AWS.
const (
	Query    Protocol = "awsQuery"
	EC2Query Protocol = "ec2Query"
	JSON     Protocol = "awsJson" // 1.0 and 1.1; the answer repeats the content type of the request
	CBOR     Protocol = "rpcv2Cbor"
	RestJSON Protocol = "restJson"
	RestXML  Protocol = "restXml"
)

// Request is one decoded call.
type Request struct {
	Protocol  Protocol
	Operation string // empty for the rest protocols until a Route matched
	Input     Object
	Version   string // API version of the query protocols

	HTTP *http.Request
	Body []byte
}

// Detect finds out which protocol a request speaks. rest is what the addressed service speaks when the request is no RPC.
func Detect(r *http.Request, rest Protocol, ec2 bool) Protocol {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		return CBOR
	case r.Header.Get("X-Amz-Target") != "":
		return JSON
	case rest != "":
		return rest
	case ec2:
		return EC2Query
	case media == "application/x-www-form-urlencoded", r.URL.Query().Has("Action"):
		return Query
	case strings.HasPrefix(media, "application/x-amz-json"):
		return JSON
	}
	return Query
}

// Decode reads operation and input. The rest protocols get their operation and the input of path and query string from a
// Route; here only their body is decoded, and only if it is JSON.
func Decode(p Protocol, r *http.Request, body []byte) (*Request, error) {
	req := &Request{Protocol: p, HTTP: r, Body: body, Input: Object{}}
	switch p {
	case CBOR:
		return req, req.decodeCBOR()
	case JSON:
		target := r.Header.Get("X-Amz-Target")
		req.Operation = target[strings.LastIndex(target, ".")+1:]
		return req, req.decodeJSON()
	case Query, EC2Query:
		form := r.URL.Query()
		more, err := url.ParseQuery(string(body))
		if err != nil {
			return req, Errorf(400, "MalformedQueryString", "The query string is malformed")
		}
		for k, v := range more {
			form[k] = v
		}
		req.Operation, req.Version = form.Get("Action"), form.Get("Version")
		req.Input = unflatten(form)
		return req, nil
	case RestJSON:
		media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if len(body) == 0 || media != "" && !strings.Contains(media, "json") {
			return req, nil
		}
		return req, req.decodeJSON()
	}
	return req, nil
}

func (req *Request) decodeJSON() error {
	if len(bytes.TrimSpace(req.Body)) == 0 {
		return nil
	}
	var in map[string]any
	if err := json.Unmarshal(req.Body, &in); err != nil {
		return Errorf(400, "SerializationException", "Request body is not a JSON object")
	}
	if in != nil {
		req.Input = in
	}
	return nil
}

func (req *Request) decodeCBOR() error {
	// POST /service/{shape}/operation/{name}
	parts := strings.Split(strings.Trim(req.HTTP.URL.Path, "/"), "/")
	if len(parts) >= 4 && parts[len(parts)-2] == "operation" {
		req.Operation = parts[len(parts)-1]
	}
	if len(req.Body) == 0 {
		return nil
	}
	v, err := DecodeCBOR(req.Body)
	if err != nil {
		return Errorf(400, "SerializationException", "Request body is not CBOR: %v", err)
	}
	if in := AsObject(v); in != nil {
		req.Input = in
		return nil
	}
	return Errorf(400, "SerializationException", "Request body is not a CBOR map")
}
