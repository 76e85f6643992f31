package mototest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

type breaking struct {
	times  int
	bodies []string
}

func (b *breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	b.bodies = append(b.bodies, string(sent))
	answer := io.Reader(strings.NewReader("whole"))
	if len(b.bodies) <= b.times {
		answer = io.MultiReader(strings.NewReader("who"), lost{})
	}
	return &http.Response{StatusCode: 500, Body: io.NopCloser(answer)}, nil
}

type lost struct{}

func (lost) Read([]byte) (int, error) { return 0, errors.New("connection lost") }

func TestOnlyAnAnswerThatBrokeOffIsAskedForAgain(t *testing.T) {
	for _, test := range []struct {
		name        string
		lost, tries int
		fails       bool
	}{
		{"an answer is an answer, an error of the server too", 0, 1, false},
		{"two that broke off", 2, 3, false},
		{"none arrives", 9, 3, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := &breaking{times: test.lost}
			request, err := http.NewRequest(http.MethodPost, "http://moto.test", strings.NewReader("request"))
			if err != nil {
				t.Fatal(err)
			}
			response, err := patient{server}.RoundTrip(request)
			if (err != nil) != test.fails || len(server.bodies) != test.tries {
				t.Fatalf("%d tries, %v", len(server.bodies), err)
			}
			for _, body := range server.bodies {
				if body != "request" {
					t.Errorf("sent %q", body)
				}
			}
			if err == nil {
				if content, _ := io.ReadAll(response.Body); string(content) != "whole" {
					t.Errorf("got %q", content)
				}
			}
		})
	}
}
