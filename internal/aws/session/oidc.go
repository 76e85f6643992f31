package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const (
	// audience is whom the token is for. Source: AWS's instructions for
	// GitHub's OIDC provider.
	audience = "sts.amazonaws.com"
	// early is how long before their end credentials are fetched anew, so that
	// a call that is tried again for a while does not outlive them.
	early = 5 * time.Minute
	// tokenTries and tokenTimeout bound the asking for a token.
	tokenTries   = 4
	tokenTimeout = 10 * time.Second
	maxToken     = 1 << 20
)

// identityTokens is GitHub's endpoint for identity tokens of a workflow job.
type identityTokens struct {
	url, bearer string
	http        *http.Client
	pause       time.Duration
}

// tokensOf is the endpoint that the environment names; nil: none, because this
// is no job with id-token: write, or because it brings credentials of its own,
// which a role then is assumed with.
func tokensOf(o Options) *identityTokens {
	endpoint, bearer := o.Getenv("ACTIONS_ID_TOKEN_REQUEST_URL"), o.Getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
	if endpoint == "" || bearer == "" || o.Credentials != nil {
		return nil
	}
	for _, own := range []string{"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"} {
		if o.Getenv(own) != "" {
			return nil
		}
	}
	return &identityTokens{url: endpoint, bearer: bearer, http: &http.Client{Timeout: tokenTimeout}, pause: time.Second}
}

// token asks for a token of this job. It lives for minutes only, so each
// exchange asks for one of its own. No error holds a token.
func (t *identityTokens) token(ctx context.Context) (string, error) {
	var err error
	for try := range tokenTries {
		if try > 0 && wait(ctx, t.pause<<(try-1)) != nil {
			break
		}
		var token string
		var again bool
		if token, again, err = t.ask(ctx); err == nil || !again {
			return token, err
		}
	}
	return "", err
}

// ask asks once; again says that another try may work.
func (t *identityTokens) ask(ctx context.Context) (token string, again bool, err error) {
	endpoint, err := url.Parse(t.url)
	if err != nil {
		return "", false, errors.New("ACTIONS_ID_TOKEN_REQUEST_URL is no address")
	}
	query := endpoint.Query()
	query.Set("audience", audience)
	endpoint.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint.String(), nil)
	if err != nil {
		return "", false, errors.New("ACTIONS_ID_TOKEN_REQUEST_URL is no address")
	}
	request.Header.Set("Authorization", "Bearer "+t.bearer)
	response, err := t.http.Do(request)
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err // the address may hold what identifies the job
		}
		return "", true, fmt.Errorf("%s does not answer: %w", endpoint.Host, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", response.StatusCode >= 500 || response.StatusCode == http.StatusTooManyRequests, fmt.Errorf("%s answers %s", endpoint.Host, response.Status)
	}
	var answer struct {
		Value string `json:"value"`
	}
	err = json.NewDecoder(io.LimitReader(response.Body, maxToken)).Decode(&answer)
	if err != nil || answer.Value == "" {
		return "", false, fmt.Errorf("the answer of %s holds no token", endpoint.Host)
	}
	return answer.Value, false, nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// exchange is a role that a job of GitHub Actions has by its identity: the
// token is exchanged at the Region's own STS, so that no other Region is needed.
type exchange struct {
	tokens        *identityTokens
	sts           *sts.Client
	role, session string
}

// Retrieve implements aws.CredentialsProvider.
func (e *exchange) Retrieve(ctx context.Context) (aws.Credentials, error) {
	token, err := e.tokens.token(ctx)
	if err != nil {
		return aws.Credentials{}, &credentialsError{cause: fmt.Errorf("ask GitHub for an identity token: %w", err)}
	}
	out, err := e.sts.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: aws.String(e.role), RoleSessionName: aws.String(e.session), WebIdentityToken: aws.String(token)})
	if err != nil {
		return aws.Credentials{}, err
	}
	if out.Credentials == nil {
		return aws.Credentials{}, &credentialsError{cause: errors.New("exchange identity token: the answer holds no credentials")}
	}
	return aws.Credentials{AccessKeyID: aws.ToString(out.Credentials.AccessKeyId), SecretAccessKey: aws.ToString(out.Credentials.SecretAccessKey),
		SessionToken: aws.ToString(out.Credentials.SessionToken), CanExpire: true, Expires: aws.ToTime(out.Credentials.Expiration),
		Source: "GitHub Actions"}, nil
}

// cached fetches credentials anew some time before they end.
func cached(provider aws.CredentialsProvider) aws.CredentialsProvider {
	return aws.NewCredentialsCache(provider, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = early })
}
