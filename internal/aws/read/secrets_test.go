package read

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestLooksSecret(t *testing.T) {
	for name, want := range map[string]bool{
		"PASSWORD": true, "DB_PASSWORD": true, "dbPassword": true, "DbPassword": true, "db-password": true, "MasterUserPassword": true,
		"API_KEY": true, "ApiKey": true, "apiKey": true, "APIKEY": true, "STRIPE_SECRET_KEY": true, "AWS_SECRET_ACCESS_KEY": true,
		"GITHUB_TOKEN": true, "AuthToken": true, "CLIENT_SECRET": true, "PRIVATE_KEY": true, "SecretString": true, "credentials": true,
		"ENCRYPTION_KEY": true, "DATABASE_CONNECTION_STRING": true, "PGPASSWORD": false, // one word: nothing marks the secret in it

		"TABLE": false, "QUEUE_URL": false, "KmsMasterKeyId": false, "KeyId": false, "SECRET_ARN": false, "SECRET_NAME": false,
		"SecretId": false, "TOKEN_URL": false, "TOKEN_TTL": false, "PasswordLength": false, "Key": false, "PARTITION_KEY": false,
		"KEYBOARD": false, "Monkey": false, "PASSTHROUGH": false, "TokenKeyId": false, "": false, "AuthorizationType": false,
	} {
		if LooksSecret(name, "value") != want {
			t.Errorf("LooksSecret(%q) = %v", name, !want)
		}
	}
	if LooksSecret("SECRET", "arn:aws:secretsmanager:us-east-1:1:secret:x") || LooksSecret("TOKEN", "${Param}") {
		t.Error("a reference is compared as one, and not hidden")
	}
	if LooksSecret("HttpTokens", "required") || !LooksSecret("HttpTokens", "hunter2") {
		t.Error("whether tokens are required is no token")
	}
}

func TestHiderFindsSecretsWhereverTheyAre(t *testing.T) {
	const secret = "hunter2-hunter2"
	trees := map[string]string{
		"by name":                      `{"Environment":{"Variables":{"DB_PASSWORD":"hunter2-hunter2"}}}`,
		"in a list":                    `{"Passwords":["hunter2-hunter2"],"ClientSecret":["hunter2-hunter2"]}`,
		"in a name and value pair":     `{"Environment":[{"Name":"DB_PASSWORD","Value":"hunter2-hunter2"}]}`,
		"in a function of a template":  `{"MasterUserPassword":{"Fn::Sub":"hunter2-hunter2"}}`,
		"in a list of a function":      `{"MasterUserPassword":{"Fn::Join":["",["hunter2-hunter2"]]}}`,
		"as what a condition chooses":  `{"MasterUserPassword":{"Fn::If":["InProduction","hunter2-hunter2",{"Ref":"AWS::NoValue"}]}}`,
		"as the default of a mapping":  `{"MasterUserPassword":{"Fn::FindInMap":["M","a","b",{"DefaultValue":"hunter2-hunter2"}]}}`,
		"in place of a condition":      `{"MasterUserPassword":{"Fn::If":"hunter2-hunter2"}}`,
		"as default of a parameter":    `{"Parameters":{"DbPassword":{"Type":"String","Default":"hunter2-hunter2"}}}`,
		"in a URL":                     `{"DATABASE_URL":"postgres://app:hunter2-hunter2@db:5432/x"}`,
		"in a connection string":       `{"DSN":"Server=db;Password=hunter2-hunter2;"}`,
		"as a private key":             `{"X":"-----BEGIN RSA PRIVATE KEY-----hunter2-hunter2"}`,
		"in a description with a key":  `{"Notes":"use AKIAIOSFODNN7EXAMPLE hunter2-hunter2"}`,
		"of a type that is one":        `{"Resources":{"K":{"Type":"AWS::ApiGateway::ApiKey","Properties":{"Value":"hunter2-hunter2"}}}}`,
		"where the template says so":   `{"HeaderParameters":[{"Key":"X-Tenant","Value":"hunter2-hunter2","IsValueSecret":true}]}`,
		"in JSON that a text holds":    `{"Input":"{\"user\":\"a\",\"password\":\"hunter2-hunter2\"}"}`,
		"in JSON within JSON":          `{"Input":"[{\"Body\":\"{\\\"token\\\":\\\"hunter2-hunter2\\\"}\"}]"}`,
		"in a script":                  `{"UserData":{"Fn::Base64":"echo hunter2-hunter2"}}`,
		"in a line of a script":        `{"Command":"export DB_PASSWORD=hunter2-hunter2"}`,
		"deep below something unknown": `{"a":[{"b":{"client_secret":"hunter2-hunter2"}}]}`,
	}
	for name, text := range trees {
		t.Run(name, func(t *testing.T) {
			for kind, hider := range map[string]Hider{"seal": Seal(drift.NewSealer("r", []byte("k")), here, acct), "mask": Mask()} {
				var tree any
				if err := json.Unmarshal([]byte(text), &tree); err != nil {
					t.Fatal(err)
				}
				data, err := json.Marshal(hider.Tree(tree))
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(data), secret) {
					t.Errorf("%s left %s", kind, data)
				}
			}
		})
	}
}

func TestHiderLeavesTheRestAlone(t *testing.T) {
	const text = `{"A":[1,true,null,"x"],"Input":"{\"b\": 1.0, \"a\":[]}","KmsMasterKeyId":"alias/k","SecretArn":"arn:aws:x","Tags":[{"Key":"team","Value":"a"}],"Url":"https://user@host/p"}`
	const functions = `{"ManageMasterUserPassword":{"Fn::If":["IsPrimary",true,{"Ref":"AWS::NoValue"}]},"MasterUserPassword":{"Fn::FindInMap":["Passwords","prod","db"]},"Token":{"Fn::GetAtt":["Custom","Token"]},"UserPassword":{"Fn::GetAtt":"Custom.Password"}}`
	var written any
	if err := json.Unmarshal([]byte(functions), &written); err != nil {
		t.Fatal(err)
	}
	if data, err := json.Marshal(Mask().Tree(written)); err != nil || string(data) != functions {
		t.Errorf("names in functions: %s", data)
	}
	var tree any
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(Mask().Tree(tree))
	if err != nil || string(data) != text {
		t.Errorf("have %s", data)
	}
}

func TestTagsAreHiddenByNameAndByFormAndStillToldApart(t *testing.T) {
	h := Seal(drift.NewSealer("r", []byte("k")), here, acct)
	one := h.Texts(map[string]string{"db-password": "hunter2-hunter2", "where": "https://a:hunter2-hunter2@host/", "team": "a"})
	other := h.Texts(map[string]string{"db-password": "hunter3-hunter3", "where": "https://a:hunter2-hunter2@host/"})
	if one["team"] != "a" || strings.Contains(one["db-password"]+one["where"], "hunter2") {
		t.Errorf("tags %v", one)
	}
	if one["db-password"] == other["db-password"] || one["where"] != other["where"] {
		t.Errorf("%v and %v", one, other)
	}
}

func TestTheValueOfASecretParameterIsHiddenWhereverItWent(t *testing.T) {
	item := sampleOf("AWS::Lambda::Function")
	item.Parameters = map[string]string{"ApiToken": "hunter2-hunter2", "Stage": "production", "AdminPass": "short", "DbPassword": "****"}
	out := &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{FunctionName: aws.String("f"),
		Environment: &lambdatypes.EnvironmentResponse{Variables: map[string]string{"AUTH": "Bearer hunter2-hunter2", "STAGE": "production", "X": "short"}}}}
	result := readAll(t, by(map[string]any{"Lambda GetFunction": out}), request(item))
	variables, _ := member(one(t, result).Properties["Environment"], "Variables").(map[string]any)
	if _, ok := drift.AsSealed(variables["AUTH"]); !ok || variables["STAGE"] != "production" || variables["X"] != "short" {
		t.Errorf("variables %v: short values are in too many texts to be looked for", variables)
	}
}

func TestEqualSecretsHaveEqualDigestsInBothRegions(t *testing.T) {
	sealer := drift.NewSealer("r", []byte("k"))
	east, west := Seal(sealer, "us-east-1", acct), Seal(sealer, "us-west-2", acct)
	digest := func(v any) string { s, _ := drift.AsSealed(v); return s.Digest }
	if digest(east.Value("https://x.us-east-1.example")) != digest(west.Value("https://x.us-west-2.example")) {
		t.Error("the Region's own name makes a difference")
	}
	if digest(east.Value("a")) == digest(west.Value("b")) {
		t.Error("different secrets have one digest")
	}
	sealed, _ := drift.AsSealed(west.Value("https://x.us-east-1.example"))
	if len(sealed.Regions) != 1 || sealed.Regions[0] != "us-east-1" {
		t.Errorf("a secret that names the primary says so: %v", sealed.Regions)
	}
}

func TestLiveValuesOfHiddenDeclarationsAreSealedWhateverTheirName(t *testing.T) {
	for _, declared := range []string{"${NoEcho:Pin}", "prefix-${NoEcho:Pin}", "{{resolve:secretsmanager:app:SecretString:pin}}", "{{resolve:ssm-secure:/pin:1}}"} {
		item := sampleOf("AWS::Lambda::Function")
		item.Declared = map[string]any{"Environment": map[string]any{"Variables": map[string]any{"PIN": declared, "STAGE": "prod"}}}
		out := &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{FunctionName: aws.String("f"),
			Environment: &lambdatypes.EnvironmentResponse{Variables: map[string]string{"PIN": "hunter2-hunter2", "STAGE": "prod"}}}}
		result := readAll(t, by(map[string]any{"Lambda GetFunction": out}), request(item))
		variables := member(member(one(t, result).Properties["Environment"], "Variables"), "PIN")
		if _, ok := drift.AsSealed(variables); !ok {
			t.Errorf("%s: PIN is %v", declared, variables)
		}
		if member(member(result.Resources[0].Properties["Environment"], "Variables"), "STAGE") != "prod" {
			t.Error("STAGE was hidden too")
		}
	}
}

// The canary: secrets planted in every place where AWS returns them in clear
// are nowhere in what leaves the package.
func TestNoPlantedSecretLeaves(t *testing.T) {
	const canary = "c4n4ry-S3cr3t"
	fn, parameter, secret, task := sampleOf("AWS::Lambda::Function"), sampleOf("AWS::SSM::Parameter"), sampleOf("AWS::SecretsManager::Secret"),
		sampleOf("AWS::ECS::TaskDefinition")
	parameter.ID = "/app/secure"
	plain := sampleOf("AWS::SSM::Parameter")
	plain.Key, plain.ID = "app/Plain", "/app/db_password"
	fn.Declared = map[string]any{"Environment": map[string]any{"Variables": map[string]any{"PASSWORD": canary}}}
	tail := sampleOf("AWS::Redshift::Cluster")
	table := map[string]any{
		"Lambda GetFunction": &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{FunctionName: aws.String("f"),
			Environment: &lambdatypes.EnvironmentResponse{Variables: map[string]string{"PASSWORD": canary, "DATABASE_URL": "postgres://u:" + canary + "@h/d"}}}},
		"SSM GetParameters": &ssm.GetParametersOutput{Parameters: []ssmtypes.Parameter{
			{Name: aws.String("/app/secure"), Type: ssmtypes.ParameterTypeSecureString, Value: aws.String(canary)},
			{Name: aws.String("/app/db_password"), Type: ssmtypes.ParameterTypeString, Value: aws.String(canary)},
		}},
		"SSM DescribeParameters":            &ssm.DescribeParametersOutput{},
		"Secrets Manager DescribeSecret":    &secretsmanager.DescribeSecretOutput{Name: aws.String("s")},
		"Secrets Manager GetResourcePolicy": &secretsmanager.GetResourcePolicyOutput{},
		"Secrets Manager GetSecretValue":    &secretsmanager.GetSecretValueOutput{SecretString: aws.String(canary)},
		"ECS DescribeTaskDefinition": &ecs.DescribeTaskDefinitionOutput{TaskDefinition: &ecstypes.TaskDefinition{ContainerDefinitions: []ecstypes.ContainerDefinition{
			{Name: aws.String("c"), Environment: []ecstypes.KeyValuePair{{Name: aws.String("API_TOKEN"), Value: aws.String(canary)}}},
		}}},
		"CloudControl GetResource": ccOutput(`{"ClusterIdentifier":"d","MasterUserPassword":"` + canary + `"}`),
	}
	q := request(fn, parameter, plain, secret, task, tail)
	q.SecretValues = true
	result := readAll(t, by(table), q)
	if len(result.Resources) != 6 {
		t.Fatalf("read %d resources, gaps %+v", len(result.Resources), result.Gaps)
	}
	data, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), canary) {
		t.Errorf("the canary is in the result: %s", data)
	}
	if value, ok := result.fact(drift.FactSecretValue, secret.Key); !ok {
		t.Error("the secret's value was asked for and has no digest")
	} else if _, sealed := drift.AsSealed(value); !sealed {
		t.Errorf("the secret's value is %v", value)
	}
}

func TestSecretValuesAreNotReadUnlessAskedFor(t *testing.T) {
	calls := 0
	readAll(t, func(_, operation string, _ any) (any, error) {
		switch operation {
		case "GetSecretValue":
			calls++
		case "GetResourcePolicy":
			return &secretsmanager.GetResourcePolicyOutput{}, nil
		}
		return &secretsmanager.DescribeSecretOutput{Name: aws.String("s")}, nil
	}, request(sampleOf("AWS::SecretsManager::Secret")))
	if calls != 0 {
		t.Error("GetSecretValue was called")
	}
}

func FuzzHiderKeepsTheShape(f *testing.F) {
	f.Add(`{"PASSWORD":"x","a":[{"Name":"TOKEN","Value":"y"}]}`)
	f.Add(`[null,{"Fn::Sub":"${X}"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		var tree any
		if json.Unmarshal([]byte(text), &tree) != nil {
			return
		}
		hidden := Mask().Tree(tree)
		if a, b := shapeOf(tree), shapeOf(hidden); a != b {
			t.Errorf("%s became %s", a, b)
		}
	})
}

func shapeOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var b strings.Builder
		for _, key := range keysOf(v) {
			b.WriteString(key + ":" + shapeOf(v[key]) + ",")
		}
		return "{" + b.String() + "}"
	case []any:
		var b strings.Builder
		for _, e := range v {
			b.WriteString(shapeOf(e) + ",")
		}
		return "[" + b.String() + "]"
	case string:
		return "s"
	}
	return "x"
}
