import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;

/** Prints a line for each signature in the PDF files: sub-filter, and whether PDFBox and BouncyCastle find it to hold. */
public class Judge {
    public static void main(String[] arguments) throws Exception {
        java.security.Security.addProvider(new BouncyCastleProvider());
        for (String name : arguments) {
            judge(Files.readAllBytes(new File(name).toPath()));
        }
    }

    private static void judge(byte[] file) throws Exception {
        try (PDDocument document = PDDocument.load(file)) {
            for (PDSignature signature : document.getSignatureDictionaries()) {
                byte[] content = signature.getSignedContent(new ByteArrayInputStream(file));
                byte[] container = signature.getContents(new ByteArrayInputStream(file));
                boolean stamp = "ETSI.RFC3161".equals(signature.getSubFilter());
                boolean good;
                try {
                    good = stamp ? holds(new TimeStampToken(new CMSSignedData(container)), content) : holds(container, content);
                } catch (Exception e) {
                    System.err.println(e);
                    good = false;
                }
                System.out.println(signature.getSubFilter() + " " + (good ? "good" : "bad"));
            }
        }
    }

    private static boolean holds(byte[] container, byte[] content) throws Exception {
        CMSSignedData signed = new CMSSignedData(new CMSProcessableByteArray(content), container);
        SignerInformation signer = signed.getSignerInfos().getSigners().iterator().next();
        X509CertificateHolder holder =
            (X509CertificateHolder) signed.getCertificates().getMatches(signer.getSID()).iterator().next();
        boolean good = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder));
        AttributeTable unsigned = signer.getUnsignedAttributes();
        Attribute token = unsigned == null ? null : unsigned.get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
        if (token == null) {
            return good;
        }
        byte[] encoded = token.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded();
        return good && holds(new TimeStampToken(new CMSSignedData(encoded)), signer.getSignature());
    }

    private static boolean holds(TimeStampToken token, byte[] content) throws Exception {
        X509CertificateHolder holder =
            (X509CertificateHolder) token.getCertificates().getMatches(token.getSID()).iterator().next();
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder));
        String algorithm = token.getTimeStampInfo().getHashAlgorithm().getAlgorithm().getId();
        byte[] digest = MessageDigest.getInstance(algorithm, "BC").digest(content);
        return Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest());
    }
}
