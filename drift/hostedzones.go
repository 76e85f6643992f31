package drift

// hostedZones are the Route 53 hosted zones in which AWS's own services keep
// their names, one for each Region and service: the target of an alias record
// differs in them by place only. CloudFront's and Global Accelerator's are the
// same everywhere and stay as they are; a Region or service that is missing
// here is compared as it is.
//
// Source: AWS General Reference, service endpoints of Elastic Load Balancing
// (Application and Classic; Network), Amazon S3 website endpoints, Amazon API
// Gateway regional endpoints.
var hostedZones = []struct{ Region, Application, Network, Website, API string }{
	{"af-south-1", "Z268VQBMOI5EKX", "Z203XCE67M25HM", "Z83WF9RJE8B12", "Z2DHW2332DAMTN"},
	{"ap-east-1", "Z3DQVH9N71FHZ0", "Z12Y7K3UBGUAD1", "ZNB98KWMFR0R6", "Z3FD1VL90ND7K5"},
	{"ap-northeast-1", "Z14GRHDCWA56QT", "Z31USIVHYNEOWT", "Z2M4EHUR26P7ZW", "Z1YSHQZHG15GKL"},
	{"ap-northeast-2", "ZWKZPGTI48KDX", "ZIBE1TIR4HY56", "Z3W03O7B5YMIYP", "Z20JF4UZKIW1U8"},
	{"ap-northeast-3", "Z5LXEXXYW11ES", "Z1GWIQ4HH19I5X", "Z2YQB5RD63NC85", "Z22ILHG95FLSZ2"},
	{"ap-south-1", "ZP97RAFLXTNZK", "ZVDDRBQ08TROA", "Z11RGJOFQNVJUP", "Z3VO1THU9YC4UR"},
	{"ap-south-2", "Z0173938T07WNTVAEPZN", "Z0711778386UTO08407HT", "Z02976202B4EZMXIPMXF7", "Z0853509Q1135NJ66RUH"},
	{"ap-southeast-1", "Z1LMS91P8CMLE5", "ZKVM4W9LS7TM", "Z3O0J2DXBE1FTB", "ZL327KTPIQFUL"},
	{"ap-southeast-2", "Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD", "Z1WCIGYICN2BYD", "Z2RPCDW04V8134"},
	{"ap-southeast-3", "Z08888821HLRG5A9ZRTER", "Z01971771FYVNCOVWJU1G", "Z01846753K324LI26A3VV", "Z10132843TYUYSLUG4HA3"},
	{"ap-southeast-4", "", "", "Z0312387243XT5FE14WFO", "Z092189423Y7RJK61311D"},
	{"ap-southeast-5", "", "", "Z08660063OXLMA7F1FJHU", "Z0314042F0KBUTZ3X5HF"},
	{"ca-central-1", "ZQSVJUPU6J1EY", "Z2EPGBW3API2WT", "Z1QDHH18159H29", "Z19DQILCV0OWEC"},
	{"ca-west-1", "", "", "Z03565811Z33SLEZTHOUL", "Z04745493436AWVTG1OQY"},
	{"cn-north-1", "Z1GDH35T77C1KE", "Z3QFB96KMJ7ED6", "Z5CN8UMXT92WN", ""},
	{"cn-northwest-1", "ZM7IZAIOVVDZF", "ZQEIKTCZ8352D", "Z282HJ1KT0DH03", ""},
	{"eu-central-1", "Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90", "Z21DNDUVLTQW6Q", "Z1U9ULNL0V5AJ3"},
	{"eu-central-2", "Z06391101F2ZOEP8P5EB3", "Z02239872DOALSIDCX66S", "Z030506016YDQGETNASS", "Z09222482MK253X48U76H"},
	{"eu-north-1", "Z23TAZ6LKFMNIO", "Z1UDT6IFJ4EJM", "Z3BAZG2TWCNX0D", "Z3UWIKFBOOGXPP"},
	{"eu-south-1", "Z3ULH7SSC9OV64", "Z23146JA1KNAFP", "Z30OZKI7KPW7MI", "Z3BT4WSQ9TDYZV"},
	{"eu-south-2", "Z0956581394HF5D5LXGAP", "Z1011216NVTVYADP1SSV", "Z0081959F7139GRJC19J", "Z02499852UI5HEQ5JVWX3"},
	{"eu-west-1", "Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F", "Z1BKCTXD74EZPE", "ZLY8HYME6SFDD"},
	{"eu-west-2", "ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G", "Z3GKZC51ZF0DB4", "ZJ5UAJN8Y3Z2Q"},
	{"eu-west-3", "Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5", "Z3R1K369G5AVDG", "Z3KY65QIEKYHQQ"},
	{"il-central-1", "", "", "Z09640613K4A3MN55U7GU", "Z07264553HBI44N5X2CKP"},
	{"me-central-1", "Z08230872XQRWHG2XF6I", "Z00282643NTTLPANJJG2P", "Z06143092I8HRXZRUZROF", "Z08780021BKYYY8U0YHTV"},
	{"me-south-1", "ZS929ML54UICD", "Z3QSRYVP46NYYV", "Z1MPMWCPA7YB62", "Z20ZBPC0SS8806"},
	{"sa-east-1", "Z2P70J7HTTTPLU", "ZTK26PT1VY4CU", "Z7KQH4QJS55SO", "ZCMLWB8V5SYIT"},
	{"us-east-1", "Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI", "Z3AQBSTGFYJSTF", "Z1UJRXOUMOOFQ8"},
	{"us-east-2", "Z3AADJGX6KTTL2", "ZLMOA37VPKANP", "Z2O1EMRO9K5GLX", "ZOJJZC49E0EPZ"},
	{"us-gov-east-1", "Z166TLBEWOO7G0", "Z1ZSMQQ6Q24QQ8", "Z2NIFVYYW2VKV1", "Z3SE9ATJYCRCZJ"},
	{"us-gov-west-1", "Z33AYJ8TM3BH4J", "ZMG1MZ2THAWF1", "Z31GFT0UA1I2HV", "Z1K6XKP9SAGWDV"},
	{"us-west-1", "Z368ELLRRE2KJ0", "Z24FKFUX50B4VW", "Z2F56UZL2M1ACD", "Z2MUQ32089INYE"},
	{"us-west-2", "Z1H1FL5HABSF5", "Z18D5FSROUN65G", "Z3BJ6K6RIION7M", "Z2OJLYMUO9EFXC"},
}

// addHostedZones enters the hosted zones of the Region's services.
func (v *view) addHostedZones(add func(text, symbol string, p place)) {
	for _, z := range hostedZones {
		if z.Region != v.snapshot.Region.Name {
			continue
		}
		for symbol, id := range map[string]string{"Application": z.Application, "Network": z.Network, "Website": z.Website, "API": z.API} {
			if id != "" {
				add(id, "HostedZone."+symbol, placeService)
			}
		}
	}
}
