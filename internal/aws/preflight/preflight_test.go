package preflight

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/template"
)

const account = "111111111111"

var west = Place{"us-west-2", account}

func config(t *testing.T, faults ...awssim.Fault) aws.Config {
	t.Helper()
	cloud, err := awssim.New(awssim.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	return aws.Config{Region: "us-west-2", HTTPClient: cloud.HTTPClient(), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
}

// sources is a template with the given properties on one resource.
func sources(t *testing.T, kind, properties string) []Source {
	t.Helper()
	parsed, err := template.Parse([]byte("Parameters: {Stage: {Type: String, Default: prod}, Later: {Type: String}}\nResources:\n  Thing:\n    Type: " + kind + "\n    Properties: " + properties + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return []Source{{Key: "app", Template: parsed}}
}

func TestWhatATemplateNeedsAndWhatItOnlyMentions(t *testing.T) {
	const fn, key = "AWS::Lambda::Function", "arn:aws:kms:us-west-2:111111111111:key/11111111-2222-3333-4444-555555555555"
	for _, c := range []struct {
		name, kind, properties string
		want                   string
	}{
		{"a key by its ARN", fn, "{KmsKeyArn: '" + key + "'}", "key " + key},
		{"a key of the other Region is the other Region's", fn, "{KmsKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/x'}", ""},
		{"a key of another account is asked for there", fn, "{KmsKeyArn: 'arn:aws:kms:us-west-2:999999999999:key/x'}", ""},
		{"a key in a policy is only spoken of", "AWS::IAM::Role", "{Policies: [{PolicyDocument: {Resource: '" + key + "'}}]}", ""},
		{"a name made of a parameter", fn, "{Environment: {Variables: {A: !Sub '{{resolve:ssm:/shop/${Stage}/url}}'}}}", "parameter /shop/prod/url"},
		{"a name made of what is not known yet", fn, "{Environment: {Variables: {A: !Sub '{{resolve:ssm:/shop/${Later}/url}}'}}}", ""},
		{"a secret by name", fn, "{Environment: {Variables: {A: '{{resolve:secretsmanager:shop/db:SecretString:password}}'}}}", "secret shop/db"},
		{"a secret by ARN", fn, "{Environment: {Variables: {A: '{{resolve:secretsmanager:arn:aws:secretsmanager:us-west-2:111111111111:secret:db-AbCdEf:SecretString:password}}'}}}",
			"secret arn:aws:secretsmanager:us-west-2:111111111111:secret:db-AbCdEf"},
		{"one key of a secret, as a container takes it", "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: 'arn:aws:secretsmanager:us-west-2:111111111111:secret:shop/db-AbCdEf:password::'}]}]}",
			"secret arn:aws:secretsmanager:us-west-2:111111111111:secret:shop/db-AbCdEf"},
		{"a parameter, as a container takes it", "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: /shop/url}, {Name: B, ValueFrom: 'arn:aws:ssm:us-west-2:111111111111:parameter/shop/uri'}]}]}",
			"parameter /shop/uri, parameter /shop/url"},
		{"a parameter of the other Region", "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: 'arn:aws:ssm:us-east-1:111111111111:parameter/shop/url'}]}]}", ""},
		{"a parameter with a name of one part, by its ARN", "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: 'arn:aws:ssm:us-west-2:111111111111:parameter/url'}]}]}", "parameter url"},
		{"a parameter with a name of one part", "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: url}]}]}", "parameter url"},
		{"a parameter that a log driver takes", "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{LogConfiguration: {SecretOptions: [{Name: A, ValueFrom: /shop/token}]}}]}", "parameter /shop/token"},
		{"a parameter that a job takes", "AWS::Batch::JobDefinition", "{ContainerProperties: {Secrets: [{Name: A, ValueFrom: /shop/url}]}}", "parameter /shop/url"},
		{"a parameter whose name is not known yet", "AWS::Batch::JobDefinition", "{ContainerProperties: {Secrets: [{Name: A, ValueFrom: !Ref Later}]}}", ""},
		{"a path in a property of that name that takes no secrets", "Custom::Copy", "{Secrets: [{ValueFrom: /usr/local/bin}], ValueFrom: /usr/local/bin}", ""},
		{"a path of a container that is no secret", "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{Environment: [{Name: A, ValueFrom: /usr/local/bin}]}]}", ""},
		{"a key of the Region that a secret is replicated to", "AWS::SecretsManager::Secret", "{Name: a, KmsKeyId: alias/shop, ReplicaRegions: [{Region: us-east-1, KmsKeyId: alias/dr}]}", "key alias/shop"},
		{"a key of a Region that is not known yet", "AWS::SecretsManager::Secret", "{Name: a, ReplicaRegions: [{Region: !Ref Later, KmsKeyId: alias/dr}]}", ""},
		{"the keys of a global table, of which one is of this Region", "AWS::DynamoDB::GlobalTable",
			"{Replicas: [{Region: us-east-1, SSESpecification: {KMSMasterKeyId: alias/dr}}, {Region: us-west-2, SSESpecification: {KMSMasterKeyId: alias/shop}}]}", "key alias/shop"},
		{"a key of the bucket that objects are copied to", "AWS::S3::Bucket",
			"{ReplicationConfiguration: {Rules: [{Destination: {EncryptionConfiguration: {ReplicaKmsKeyID: alias/dr}}}]}}", ""},
		{"a key of the Region that backups are copied to", "AWS::RDS::DBInstance", "{AutomaticBackupReplicationRegion: us-east-1, AutomaticBackupReplicationKmsKeyId: alias/dr}", ""},
		{"a key of the Region that incidents are replicated to", "AWS::SSMIncidents::ReplicationSet", "{Regions: [{RegionName: us-east-1, RegionConfiguration: {SseKmsKeyId: alias/dr}}]}", ""},
		{"a variable that happens to be called Region", fn, "{Environment: {Variables: {Region: us-east-1, A: '{{resolve:ssm:/shop/url}}'}}, KmsKeyArn: '" + key + "'}", "key " + key + ", parameter /shop/url"},
		{"a key by its alias", "AWS::SQS::Queue", "{KmsMasterKeyId: alias/shop}", "key alias/shop"},
		{"a key of AWS, which is made when it is used", "AWS::SQS::Queue", "{KmsMasterKeyId: alias/aws/sqs}", ""},
		{"an image of this Region", fn, "{Code: {ImageUri: !Sub '${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api:7'}}", "image 111111111111.dkr.ecr.us-west-2.amazonaws.com/api:7"},
		{"code in a bucket", fn, "{Code: {S3Bucket: code, S3Key: api.zip}}", "object code/api.zip"},
		{"code whose place is not known yet", fn, "{Code: {S3Bucket: !Ref Later, S3Key: api.zip}}", ""},
		{"a machine", "AWS::EC2::Instance", "{ImageId: ami-0123456789abcdef0, InstanceType: m7g.large}", "instance type m7g.large, machine image ami-0123456789abcdef0"},
		{"a key by an alias it makes itself", "AWS::KMS::Alias", "{AliasName: alias/shop, TargetKeyId: 'arn:aws:kms:us-west-2:111111111111:alias/shop'}", ""},
		{"a secret it makes itself, by ARN", "AWS::SecretsManager::Secret", "{Name: shop/db, KmsKeyId: 'arn:aws:secretsmanager:us-west-2:111111111111:secret:shop/db-AbCdEf'}", ""},
		{"an image of a repository it makes itself", "AWS::ECR::Repository", "{RepositoryName: api, X: '111111111111.dkr.ecr.us-west-2.amazonaws.com/api:7'}", ""},
		{"an object of a bucket it makes itself", "AWS::S3::Bucket", "{BucketName: code, X: {S3Bucket: code, S3Key: a.zip}}", ""},
		{"a parameter of one part it makes itself, by ARN", "AWS::ECS::TaskDefinition", "{Name: /url, ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: 'arn:aws:ssm:us-west-2:111111111111:parameter/url'}]}]}", ""},
		{"what it makes itself", "AWS::SSM::Parameter", "{Name: /shop/url, Value: x, Description: d, DataType: '{{resolve:ssm:/shop/url}}'}", ""},
	} {
		list := needs(west, sources(t, c.kind, c.properties))
		words := make([]string, len(list))
		for i, n := range list {
			words[i] = string(n.kind) + " " + n.name
			if n.from != "app/Thing" {
				t.Errorf("%s: named by %s", c.name, n.from)
			}
		}
		if got := strings.Join(words, ", "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAParameterByItsARNInEveryPartition(t *testing.T) {
	for region, partition := range map[string]string{"us-west-2": "aws", "cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov"} {
		arn := "arn:" + partition + ":ssm:" + region + ":" + account + ":parameter/shop/url"
		list := needs(Place{region, account}, sources(t, "AWS::ECS::TaskDefinition", "{ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: '"+arn+"'}]}]}"))
		if len(list) != 1 || list[0].kind != parameter || list[0].name != "/shop/url" {
			t.Errorf("%s: %+v", region, list)
		}
	}
}

// stock fills a Region and returns the ARNs of a key that is on, one that is off, and a certificate.
func stock(t *testing.T, cfg aws.Config) (on, off, pending string) {
	t.Helper()
	ctx := t.Context()
	keys := kms.NewFromConfig(cfg)
	one, err1 := keys.CreateKey(ctx, &kms.CreateKeyInput{})
	two, err2 := keys.CreateKey(ctx, &kms.CreateKeyInput{})
	cert, err3 := acm.NewFromConfig(cfg).RequestCertificate(ctx, &acm.RequestCertificateInput{DomainName: aws.String("shop.example.com")})
	_, err4 := secretsmanager.NewFromConfig(cfg).CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String("shop/db"), SecretString: aws.String("x")})
	_, err5 := ssm.NewFromConfig(cfg).PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("/shop/url"), Value: aws.String("x"), Type: ssmtypes.ParameterTypeString})
	_, err8 := ssm.NewFromConfig(cfg).PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("/stage"), Value: aws.String("x"), Type: ssmtypes.ParameterTypeString})
	bucket := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	_, err6 := bucket.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("code"),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "us-west-2"}})
	_, err7 := bucket.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("code"), Key: aws.String("api.zip"), Body: strings.NewReader("zip")})
	for _, err := range []error{err1, err2, err3, err4, err5, err6, err7, err8} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := keys.DisableKey(ctx, &kms.DisableKeyInput{KeyId: two.KeyMetadata.KeyId}); err != nil {
		t.Fatal(err)
	}
	return aws.ToString(one.KeyMetadata.Arn), aws.ToString(two.KeyMetadata.Arn), aws.ToString(cert.CertificateArn)
}

func TestWhatIsMissingIsRefusedAndWhatIsThereIsNot(t *testing.T) {
	cfg := config(t)
	on, off, pending := stock(t, cfg)
	for _, c := range []struct{ name, text, want string }{
		{"a key that is on", on, ""},
		{"a key that is off", off, "is Disabled"},
		{"a key nobody made", "arn:aws:kms:us-west-2:111111111111:key/11111111-2222-3333-4444-555555555555", "does not exist"},
		{"a certificate that nobody has validated yet", pending, "is PENDING_VALIDATION"},
		{"a certificate nobody asked for", "arn:aws:acm:us-west-2:111111111111:certificate/11111111-2222-3333-4444-555555555555", "does not exist"},
		{"a secret", "{{resolve:secretsmanager:shop/db}}", ""},
		{"a secret nobody made", "{{resolve:secretsmanager:shop/cache}}", "secret shop/cache, which app/Thing names, does not exist"},
		{"a parameter", "{{resolve:ssm:/shop/url}}", ""},
		{"a parameter nobody made", "{{resolve:ssm:/shop/uri:3}}", "parameter /shop/uri"},
		{"an image nobody pushed", "111111111111.dkr.ecr.us-west-2.amazonaws.com/api:7", "does not exist"},
	} {
		err := Check(cfg, west, sources(t, "AWS::Lambda::Function", fmt.Sprintf("{Environment: {Variables: {A: '%s'}}}", c.text))).Check(t.Context())
		if (err == nil) != (c.want == "") || err != nil && (deploy.KindOf(err) != deploy.Refused || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	for name, want := range map[string]bool{"shop/url": true, "stage": true, "other": false} { // there is /stage, and its ARN does not tell it from stage
		task := "{ContainerDefinitions: [{Secrets: [{Name: A, ValueFrom: 'arn:aws:ssm:us-west-2:" + account + ":parameter/" + name + "'}]}]}"
		err := Check(cfg, west, sources(t, "AWS::ECS::TaskDefinition", task)).Check(t.Context())
		if (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for key, want := range map[string]bool{"api.zip": true, "app.zip": false} {
		err := Check(cfg, west, sources(t, "AWS::Lambda::Function", "{Code: {S3Bucket: code, S3Key: "+key+"}}")).Check(t.Context())
		if (err == nil) != want {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestAMachineThatTheRegionDoesNotOffer(t *testing.T) {
	for name, want := range map[string]string{"m7g.large": "", "x99z.enormous": "instance type x99z.enormous, which app/Thing names, is not offered"} {
		err := Check(config(t), west, sources(t, "AWS::EC2::Instance", "{InstanceType: "+name+"}")).Check(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATypeThatTheRegionMayNotOffer(t *testing.T) {
	zurich := Place{"eu-central-2", account}
	kind := "AWS::AppRunner::Service"
	if doubts := NotOffered(zurich, sources(t, kind, "{}")); len(doubts) != 1 || !strings.Contains(doubts[kind], "app/Thing") || !strings.Contains(doubts[kind], "20") {
		t.Errorf("%q", doubts)
	}
	for name, doubts := range map[string]map[string]string{
		"offered there": NotOffered(west, sources(t, kind, "{}")), "every Region has it": NotOffered(zurich, sources(t, "AWS::SQS::Queue", "{}"))} {
		if len(doubts) > 0 {
			t.Errorf("%s: %q", name, doubts)
		}
	}
}

func TestWhatCannotBeLookedAtIsNoAnswer(t *testing.T) {
	for _, effect := range []string{fault.AccessDenied, fault.Throttle, fault.Reset} {
		cfg := config(t, awssim.Fault{Effect: effect, Service: "secretsmanager"})
		err := Check(cfg, west, sources(t, "AWS::Lambda::Function", "{Environment: {Variables: {A: '{{resolve:secretsmanager:shop/db}}'}}}")).Check(t.Context())
		if err == nil || deploy.KindOf(err) != deploy.Unknown || !strings.Contains(err.Error(), "secret shop/db") {
			t.Errorf("%s: %v", effect, err)
		}
	}
}

func TestEveryKindHasALookerAndEveryActionIsListedOnce(t *testing.T) {
	for _, k := range []kind{certificate, key, secret, parameter, image, machineImage, instanceType, object} {
		if l, ok := lookers[k]; !ok || l.look == nil || len(l.actions) == 0 {
			t.Errorf("%s cannot be looked at", k)
		}
	}
	if actions := Actions(); !slices.IsSorted(actions) || len(slices.Compact(slices.Clone(actions))) != len(actions) {
		t.Errorf("%q", actions)
	}
}
