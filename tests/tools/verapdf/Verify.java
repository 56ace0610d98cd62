import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Reads "FLAVOUR PATH" lines and answers each with "PASS" or with "FAIL", its broken rules in one line. */
public class Verify {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        String line;
        while ((line = in.readLine()) != null) {
            String[] parts = line.split(" ", 2);
            System.out.println(check(PDFAFlavour.fromString(parts[0]), new File(parts[1])));
            System.out.flush();
        }
    }

    private static String check(PDFAFlavour flavour, File file) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            if (result.isCompliant()) {
                return "PASS";
            }
            StringBuilder broken = new StringBuilder("FAIL");
            for (TestAssertion assertion : result.getTestAssertions()) {
                broken.append(" | ").append(assertion.getRuleId().getClause())
                        .append('-').append(assertion.getRuleId().getTestNumber())
                        .append(' ').append(String.valueOf(assertion.getMessage()).replaceAll("\\s+", " "))
                        .append(' ').append(assertion.getLocation().getContext());
            }
            return broken.toString();
        } catch (Exception problem) {
            return "FAIL | " + problem.toString().replaceAll("\\s+", " ");
        }
    }
}
