"""The grid of the specification (B.2), written out."""

B2 = """
<table id="gridAvail">
 <tr class="gridheader">
  <td colspan="2">Employee</td><td>Role</td><td>Contract Hours</td><td>Skills</td>
  <td style="text-align:center;">0800</td><td style="text-align:center;">0815</td><td style="text-align:center;">0830</td><td style="text-align:center;">0845</td>
 </tr>
 <tr class="employee" data-name="ALDER, JO">
  <td colspan="2">ALDER, JO</td><td data-role="WC">WC</td><td>61 (96)</td><td class="skillCol">BA IC TTR&nbsp;</td>
  <td class="schTD"></td><td class="schTD"></td>
  <td class="schTD" style="background-color:#D8DDE1;">W</td><td class="schTD" style="background-color:#D8DDE1;">W</td>
 </tr>
 <tr class="employee" data-name="BIRCH, KE">
  <td colspan="2">BIRCH, KE</td><td data-role="FFC">FFC</td><td>91 (168)</td><td class="skillCol">BA LGV&nbsp;</td>
  <td class="schTD"></td><td class="schTD"></td><td class="schTD"></td><td class="schTD"></td>
 </tr>
 <tr class="employee" data-name="CEDAR, LU">
  <td colspan="2">CEDAR, LU</td><td data-role="FFD">FFD</td><td>61 (40)</td><td class="skillCol">BA&nbsp;</td>
  <td class="schTD_off"></td><td class="schTD"></td><td class="schTD">F</td><td class="schTD"></td>
 </tr>
 <tr class="gridheader">
  <td colspan="5">Appliances</td>
  <td style="text-align:center;">0800</td><td style="text-align:center;">0815</td><td style="text-align:center;">0830</td><td style="text-align:center;">0845</td>
 </tr>
 <tr>
  <td colspan="5" title="Default - Total Crew: 4, MGR x 1, LGV x 1, BA x 4">P22P6</td>
  <td id="app_67_0" class="schTD" title="P22P6 (0800 - 0815) Available"   style="text-align:center;background-color:#009933;color:#F8F8F8;"></td>
  <td id="app_67_1" class="schTD" title="P22P6 (0815 - 0830) Available"   style="text-align:center;background-color:#009933;color:#F8F8F8;"></td>
  <td id="app_67_2" class="schTD" title="P22P6 (0830 - 0845) Unavailable" style="text-align:center;background-color:#323232;color:#F8F8F8;"></td>
  <td id="app_67_3" class="schTD" title="P22P6 (0845 - 0900) Unavailable" style="text-align:center;background-color:#323232;color:#F8F8F8;"></td>
 </tr>
 <tr class="gridheader"><td colspan="5">Rules</td></tr>
 <tr><td colspan="5"></td><td>0800</td><td>0815</td><td>0830</td><td>0845</td></tr>
 <tr><td colspan="5">Total Crew</td><td>2</td><td>3</td><td>1</td><td>2</td></tr>
 <tr><td colspan="5">BA</td><td>2</td><td>3</td><td>1</td><td>2</td></tr>
 <tr><td colspan="5">LGV</td><td>1</td><td>1</td><td>1</td><td>1</td></tr>
 <tr><td colspan="5">MGR</td><td>1</td><td>1</td><td>0</td><td>0</td></tr>
</table>
"""
